"""Figures of a promise: cases tried, held and lost, and the longest time."""

import time
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Row:
    """A row of the table: cases of one sort."""

    name: str
    """The sort of the cases, for people."""

    tried: int = 0
    """Number of cases."""

    lost: list[str] = field(default_factory=list[str])
    """A description of each case that broke the promise, with its error."""

    longest: float = 0.0
    """Seconds of the longest case."""

    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    @property
    def held(self) -> int:
        """Number of cases that kept the promise."""
        return self.tried - len(self.lost)

    @property
    def cells(self) -> tuple[str, ...]:
        """The name and the figures as text, for a table."""
        counts = (self.tried, self.held, len(self.lost))
        return (self.name, *(f"{count:,}" for count in counts), f"{self.longest:.1f} s")

    @contextmanager
    def case(self, description: str) -> Generator[None]:
        """Count a block as a case; an exception in it is a lost case, not an error.

        Threads may use one row together.
        """
        started = time.monotonic()
        try:
            yield
        except Exception:  # noqa: BLE001 - each one is printed with the table
            self.lost.append(f"{description}: {traceback.format_exc()}")
        seconds = time.monotonic() - started
        with self._lock:
            self.tried += 1
            self.longest = max(self.longest, seconds)
