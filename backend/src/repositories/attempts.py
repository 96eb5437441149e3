"""Repeated attempts of a transaction in conflict with others."""

import random
import time
from collections.abc import Iterator
from typing import Final

_ATTEMPTS: Final = 8
_FIRST_PAUSE: Final = 0.025
_LONGEST_PAUSE: Final = 0.4


def attempts() -> Iterator[int]:
    """Yield once for each attempt, with a pause between two; at most 8 times, within two seconds.

    The longest pause doubles each time, and pauses are random, so callers do not collide again:
    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """
    yield 0
    for attempt in range(1, _ATTEMPTS):
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (attempt - 1))
        time.sleep(random.uniform(0, longest))  # noqa: S311 - not a secret
        yield attempt
