"""Crowds of visitors, simulated: how many the API turns away.

Assumptions:

- Visitors come at random moments, each with a session of its own.
- A transaction holds its items for 5, 10 or 15 ms. AWS publishes no figure.
- DynamoDB cancels a transaction if one of its items is held. The answer takes the same time, and a
  cancelled transaction holds nothing.
- Shards and pauses are the API's own. A visitor without a pause left is turned away.
"""

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from src.repositories.attempts import LONGEST_PAUSES
from src.repositories.shards import SHARDS, shard_of

TRANSACTIONS: Final = (0.005, 0.010, 0.015)
"""Seconds for which a transaction holds its items."""


@dataclass(frozen=True)
class Crowd:
    """Visitors who come within some time."""

    visitors: int
    seconds: float

    @property
    def name(self) -> str:
        """Their number and time."""
        return f"{self.visitors:,} visits in {self.seconds:g} s"

    def simulate(self, held: float, shard: Callable[[str], str] = shard_of) -> "Outcome":
        """Let them visit.

        Args:
            held: seconds for which a transaction holds its items.
            shard: function for the shard of a session.
        """
        chance = random.Random(0)  # noqa: S311 - not a secret
        waiting = [
            (chance.uniform(0, self.seconds), f"{chance.getrandbits(256):064x}", 0)
            for _ in range(self.visitors)
        ]
        heapq.heapify(waiting)
        free_at: dict[str, float] = {}
        turned_away = attempts = 0
        while waiting:
            now, session, failed = heapq.heappop(waiting)
            attempts += 1
            if free_at.get(shard(session), 0) <= now:
                free_at[shard(session)] = now + held
            elif failed < len(LONGEST_PAUSES):
                again = now + held + chance.uniform(0, LONGEST_PAUSES[failed])
                heapq.heappush(waiting, (again, session, failed + 1))
            else:
                turned_away += 1
        return Outcome(turned_away / self.visitors, attempts / self.visitors)


@dataclass(frozen=True)
class Outcome:
    """The outcome for a crowd."""

    turned_away: float
    """Part of the visitors who get a 503."""

    attempts: float
    """Average number of transactions per visitor."""


CROWDS: Final[Sequence[Crowd]] = (Crowd(100, 0.05), Crowd(1000, 0.5), Crowd(30_000, 60))
"""A burst, a long burst, and a minute with 500 visitors a second."""


def one_shard(_session: str) -> str:
    """Return the same shard for every session."""
    return "00"


def measure_crowds() -> dict[str, str]:
    """Return the outcome of each crowd and transaction time, with one shard and with the API's."""
    return {
        f"{crowd.name}, {held * 1000:g} ms each": (
            f"turned away {_describe(crowd.simulate(held))} with {SHARDS} shards,"
            f" {_describe(crowd.simulate(held, one_shard))} with one"
        )
        for crowd in CROWDS
        for held in TRANSACTIONS
    }


def _describe(outcome: Outcome) -> str:
    return f"{outcome.turned_away:.1%} ({outcome.attempts:.2f} attempts)"
