"""Repeated attempts of a transaction in conflict with others."""

import random
import time
from collections.abc import Iterator
from typing import Final

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
