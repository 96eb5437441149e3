"""Repeated attempts of a transaction in conflict with others, and cleanups after one."""

import logging
import random
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

_LOG: Final = logging.getLogger(__name__)

LONGEST_PAUSES: Final = (0.025, 0.05, 0.1, 0.2, 0.4, 0.4, 0.4)
"""Longest pause before each repetition, in seconds."""


def attempts() -> Iterator[int]:
    """Yield once for each attempt, with a pause between two; at most 8 times, within two seconds.

    The longest pause doubles up to 0.4 s, and pauses are random, so callers do not collide again:
    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """
    yield 0
    for attempt, longest in enumerate(LONGEST_PAUSES, start=1):
        time.sleep(random.uniform(0, longest))  # noqa: S311 - not a secret
        yield attempt


@contextmanager
def optional_cleanup(remains: str) -> Generator[None]:
    """Log a failure of DynamoDB instead of raising it.

    The write before the cleanup has succeeded, and must not look failed.

    Args:
        remains: the things that a failure leaves behind, for the log.
    """
    try:
        yield
    except (ClientError, BotoCoreError):
        _LOG.warning("%s were not removed.", remains, exc_info=True)
