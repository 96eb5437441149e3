"""Limits of a stage, in requests a second, from AWS's quotas and the demands of a request."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tests.scale.demands import ROUTES

KEY_READS: Final = 3000
KEY_WRITES: Final = 1000
"""Units a second of a partition, and so of a partition key that DynamoDB has not split."""

TABLE_UNITS: Final = 40_000
"""Read units, and write units, a second of a table."""

GATEWAY: Final = 10_000
"""Requests a second of all APIs of an account and region."""

CONCURRENCY: Final = 1000
"""Concurrent executions of an account and region."""

REQUESTS_PER_EXECUTION: Final = 10
"""Requests a second for each of them."""

EXECUTIONS_A_SECOND: Final = 100
"""Growth of a function, after the first 1,000 executions."""

COGNITO: Final = 120
"""Sign-ins a second of all user pools of an account and region."""

_SHARDS: Final = "`counterShards` 128"
_STORES: Final = "none: one view stores the sum for many"
_CDN: Final = "a CDN"
_OLDER_COUNT: Final = "eventual reads: a count is a moment old"
_CHANGES: Final[Mapping[str, str]] = {
    "post#<id>": "an eventual read of its mark",
    "visitors": _SHARDS,
    "visitors#days": _SHARDS,
    "views": _SHARDS,
    "views#post#<id>": _SHARDS,
    "views#post": _STORES,
}
_NEVER_HOT: Final = "session#<session>"


@dataclass(frozen=True)
class Limit:
    """The most requests a second that something takes."""

    name: str
    rate: float
    change: str
    """The smallest change that moves it."""


def limits_of(route: str, *, rate: int, open_rate: int, keys: int = 1) -> list[Limit]:
    """Return the limits of a request, the lowest first.

    Args:
        route: the request, a key of `ROUTES`.
        rate: the setting `throttlingRate`.
        open_rate: the setting `openThrottlingRate`.
        keys: the number of partition keys of each count, `counterShards` / 64.
    """
    name = "throttlingRate" if route.startswith("GET") else "openThrottlingRate"
    found = [
        Limit(f"the setting `{name}`", rate if route.startswith("GET") else open_rate, "raise it"),
        Limit("the gateway's quota", GATEWAY, "ask AWS for more"),
        Limit("Lambda's concurrency", CONCURRENCY * REQUESTS_PER_EXECUTION, "ask AWS for more"),
        *_key_limits(route, keys),
    ]
    return sorted(found, key=lambda limit: (limit.rate, limit.change))


def _key_limits(route: str, keys: int) -> Iterator[Limit]:
    for key, demand in ROUTES[route](keys).items():
        change = _CDN if route.startswith("GET") else _CHANGES.get(key, "")
        if key == _NEVER_HOT:
            continue
        if demand.reads:
            # More shards do not help reads: a count reads all keys.
            of_reads = _OLDER_COUNT if change == _SHARDS else change
            yield Limit(f"reads of `{key}`", KEY_READS / demand.reads, of_reads)
        if demand.writes:
            yield Limit(f"writes of `{key}`", KEY_WRITES / demand.writes, change)
