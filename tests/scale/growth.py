"""A stage under load, simulated in ticks: the answers, and the part that refuses the others.

The load is that of docs/costs.md: nine of ten requests list posts, one counts a view. Everybody
views the same post, which is the worst case. Each layer takes what it can, in the order of a
request, and refuses the rest:

- A CDN answers 99 of 100 lists itself, because it keeps an answer for 60 seconds.
- The gateway has a bucket of tokens for all requests, and one for counted views.
- Lambda starts 1,000 executions at once and 100 more a second, up to the account's quota.
- DynamoDB takes what its busiest partition key takes.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from tests.scale.demands import count_view, list_posts
from tests.scale.limits import (
    CONCURRENCY,
    EXECUTIONS_A_SECOND,
    GATEWAY,
    KEY_READS,
    KEY_WRITES,
    REQUESTS_PER_EXECUTION,
)

VIEWS: Final = 0.1
"""Part of the requests that count a view."""

MISSED: Final = 0.01
"""Part of the lists that a CDN asks the API for."""

_SECONDS: Final = 60
_TICKS_A_SECOND: Final = 10
_TOLD: Final = 0.0005
"""Part of the requests from which on a refusal is told."""

_STORED_BY_ONE: Final = "views#post"
"""The key with the sums: in a crowd, one view stores the sum for many."""


@dataclass(frozen=True, kw_only=True)
class Setup:
    """A stage, with all changes up to one."""

    change: str
    rate: int = 50
    open_rate: int = 10
    has_cdn: bool = False
    shards: int = 64
    quotas: float = 1
    """Factor of the gateway's and Lambda's quotas."""

    counts_later: bool = False
    """True if counts go through a queue, and one write adds many."""

    @property
    def lists(self) -> float:
        """Lists a second that DynamoDB takes."""
        return min(KEY_READS / demand.reads for demand in list_posts().values())

    @property
    def views(self) -> float:
        """Views of one post a second that DynamoDB takes."""
        if self.counts_later:
            return float("inf")
        demands = count_view(self.shards // 64)
        hot = [demand for key, demand in demands.items() if not key.startswith("session")]
        reads = min(KEY_READS / demand.reads for demand in hot if demand.reads)
        writes = [
            KEY_WRITES / demand.writes
            for key, demand in demands.items()
            if demand.writes and not key.startswith("session") and key != _STORED_BY_ONE
        ]
        return min(reads, *writes)


SETUPS: Final = (
    Setup(change="the default settings"),
    Setup(change="`throttlingRate` and `openThrottlingRate` 10000", rate=10_000, open_rate=10_000),
    Setup(change="a CDN", rate=10_000, open_rate=10_000, has_cdn=True),
    Setup(change="`counterShards` 384", rate=10_000, open_rate=10_000, has_cdn=True, shards=384),
    Setup(
        change="20 times AWS's quotas, and settings that allow them",
        rate=200_000,
        open_rate=200_000,
        has_cdn=True,
        shards=384,
        quotas=20,
    ),
    Setup(
        change="views counted through a queue",
        rate=200_000,
        open_rate=200_000,
        has_cdn=True,
        quotas=20,
        counts_later=True,
    ),
)
"""Each setup has the changes of those before it; the last one takes views from the counters."""


@dataclass(frozen=True)
class Growth:
    """The outcome of a load."""

    answered: float
    """Part of the requests with an answer."""

    refused: str
    """The layer that refuses most, or an empty text."""


@dataclass
class _Minute:
    """A stage during a minute: what it has left, and the requests that it has refused."""

    setup: Setup
    tokens: float
    open_tokens: float
    executions: float = 0
    growth: float = 0
    refused: dict[str, float] = field(default_factory=lambda: defaultdict[str, float](float))

    def tick(self, lists: float, views: float) -> None:
        """Send requests for a tick."""
        lists, views = self._pass_gateway(lists, views)
        lists, views = self._pass_lambda(lists, views)
        for name, wanted, most in (
            ("DynamoDB: lists", lists, self.setup.lists),
            ("DynamoDB: views", views, self.setup.views),
        ):
            self.refused[name] += max(0.0, wanted - most / _TICKS_A_SECOND)

    def _pass_gateway(self, lists: float, views: float) -> tuple[float, float]:
        rate, open_rate = self.setup.rate, self.setup.open_rate
        self.tokens = min(self.tokens + rate / _TICKS_A_SECOND, 2 * rate)
        self.open_tokens = min(self.open_tokens + open_rate / _TICKS_A_SECOND, 2 * open_rate)
        let_in = min(lists, self.tokens), min(views, self.open_tokens)
        self.tokens, self.open_tokens = self.tokens - let_in[0], self.open_tokens - let_in[1]
        self.refused["gateway: settings"] += lists + views - sum(let_in)
        return self._cut("gateway: quota", let_in, GATEWAY * self.setup.quotas / _TICKS_A_SECOND)

    def _pass_lambda(self, lists: float, views: float) -> tuple[float, float]:
        needed = (lists + views) * _TICKS_A_SECOND / REQUESTS_PER_EXECUTION
        missing = min(needed, CONCURRENCY * self.setup.quotas) - self.executions
        self.growth = min(self.growth + EXECUTIONS_A_SECOND / _TICKS_A_SECOND, CONCURRENCY)
        started = max(0.0, min(missing, self.growth))
        self.executions, self.growth = self.executions + started, self.growth - started
        most = self.executions * REQUESTS_PER_EXECUTION / _TICKS_A_SECOND
        return self._cut("Lambda", (lists, views), most)

    def _cut(self, name: str, wanted: tuple[float, float], most: float) -> tuple[float, float]:
        """Return both numbers, with their sum cut to a limit."""
        factor = min(1.0, most / sum(wanted))
        self.refused[name] += sum(wanted) * (1 - factor)
        return wanted[0] * factor, wanted[1] * factor


def simulate(setup: Setup, rate: float) -> Growth:
    """Send requests a second for a minute, to a stage without any execution."""
    minute = _Minute(setup, 2.0 * setup.rate, 2.0 * setup.open_rate, growth=CONCURRENCY)
    lists = rate * (1 - VIEWS) * (MISSED if setup.has_cdn else 1)
    for _ in range(_SECONDS * _TICKS_A_SECOND):
        minute.tick(lists / _TICKS_A_SECOND, rate * VIEWS / _TICKS_A_SECOND)
    total = rate * _SECONDS
    worst = max(minute.refused, key=lambda name: minute.refused[name])
    is_much = minute.refused[worst] / total > _TOLD
    return Growth(1 - sum(minute.refused.values()) / total, worst if is_much else "")
