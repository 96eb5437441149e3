"""Visitors at a constant rate, simulated one by one, with a limit for each partition key.

Assumptions, beyond those of `tests.bench.crowds`:

- A partition key takes 1,000 write units and 3,000 read units a second, and saves one second of
  them. A cancelled or throttled transaction takes none.
- A throttled read is tried five times, with pauses that double from 50 ms.
- DynamoDB does not split a partition. On AWS it does within minutes, if the traffic stays.
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from src.repositories.attempts import LONGEST_PAUSES
from src.repositories.shards import SHARDS
from tests.scale.limits import KEY_READS, KEY_WRITES

_HELD: Final = 0.01
"""Seconds for which a transaction holds its items: the middle of `tests.bench.crowds`."""

_READ_PAUSES: Final = (0.05, 0.1, 0.2, 0.4)


@dataclass
class _Bucket:
    """The units of a partition key."""

    rate: float
    left: float
    at: float = 0.0

    def take(self, units: float, now: float) -> bool:
        """Take units if they are there."""
        self.left = min(self.rate, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < units:
            return False
        self.left -= units
        return True


def _buckets(rate: float, keys: int) -> list[_Bucket]:
    return [_Bucket(rate, rate) for _ in range(keys)]


@dataclass(frozen=True)
class Outcome:
    """The outcome for a crowd."""

    turned_away: float
    """Part of the visitors who get a 503."""

    attempts: float
    """Average number of transactions per visitor."""


@dataclass
class _Crowd:
    """Visitors who come at random moments; the heap has the next step of each."""

    shards: int
    chance: random.Random
    writes: list[_Bucket]
    reads: list[_Bucket]
    free_at: dict[int, float] = field(default_factory=dict[int, float])
    attempts: int = 0

    def step(self, now: float, shard: int, failed: int) -> Iterator[tuple[float, int, int]]:
        """Yield the next step of a visitor: its time, the shard (-1: read), the failures."""
        if shard < 0:
            if not all(bucket.take(1, now) for bucket in self.reads):
                if failed == len(_READ_PAUSES):
                    raise TimeoutError
                yield now + _READ_PAUSES[failed], shard, failed + 1
            return
        self.attempts += 1
        done = now + _HELD
        if self.free_at.get(shard, 0) <= now and self.writes[shard // SHARDS].take(2, now):
            self.free_at[shard] = done
            yield done, -1, 0
        elif failed == len(LONGEST_PAUSES):
            raise TimeoutError
        else:
            yield done + self.chance.uniform(0, LONGEST_PAUSES[failed]), shard, failed + 1


@cache
def simulate(rate: int, shards: int, seconds: float = 3) -> Outcome:
    """Let new visitors come.

    Args:
        rate: visitors a second.
        shards: the setting `counterShards`.
        seconds: the time for which they come.
    """
    chance = random.Random(0)  # noqa: S311 - not a secret
    keys = shards // SHARDS
    crowd = _Crowd(shards, chance, _buckets(KEY_WRITES, keys), _buckets(KEY_READS, keys))
    visitors = round(rate * seconds)
    waiting = [(chance.uniform(0, seconds), chance.randrange(shards), 0) for _ in range(visitors)]
    heapq.heapify(waiting)
    turned_away = 0
    while waiting:
        try:
            for step in crowd.step(*heapq.heappop(waiting)):
                heapq.heappush(waiting, step)
        except TimeoutError:
            turned_away += 1
    return Outcome(turned_away / visitors, crowd.attempts / visitors)
