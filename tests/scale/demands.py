"""Units of DynamoDB that each request takes from each partition key.

`test_demands.py` compares them with the calls of the app.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

POST_UNITS: Final = 3
"""Units of a consistent read of a post of 10 KB, as docs/costs.md assumes."""


@dataclass(frozen=True)
class Demand:
    """Units of one request under one partition key."""

    reads: float = 0
    writes: float = 0


type Demands = Mapping[str, Demand]
"""The demands by partition key, with `<id>` and `<session>` in place of these."""


def list_posts(_keys: int = 1, post_units: int = POST_UNITS) -> Demands:
    """Return the demands of `GET /blogs` without a token; each post has a key of its own."""
    small = Demand(reads=0.5)
    return {
        "post#counts": small,
        "post#list#published": small,
        "post#<id>": Demand(reads=0.5 * post_units),
    }


def read_post(_keys: int = 1, post_units: int = POST_UNITS) -> Demands:
    """Return the demands of `GET /blogs/{id}` without a token."""
    return {"post#<id>": Demand(reads=0.5 * post_units)}


def count_visit(keys: int = 1) -> Demands:
    """Return the demands of `POST /visitors/track` by a new session.

    Args:
        keys: the number of partition keys of each count, `counterShards` / 64.
    """
    looked_up = (keys - 1) / keys
    return {
        "session#<session>": Demand(reads=1, writes=2),
        "visitors": Demand(reads=1 + looked_up / keys, writes=2 / keys),
        "visitors#days": Demand(reads=looked_up / keys, writes=2 / keys),
    }


def repeat_visit(_keys: int = 1) -> Demands:
    """Return the demands of `POST /visitors/track` by a session that was counted today."""
    return {"session#<session>": Demand(reads=1), "visitors": Demand(reads=1)}


def count_view(keys: int = 1) -> Demands:
    """Return the demands of `POST /analytics/track/blog/{id}` by a new session; as above."""
    looked_up = (keys - 1) / keys
    return {
        "session#<session>": Demand(reads=1, writes=2),
        "post#<id>": Demand(reads=1),
        "views#post#<id>": Demand(reads=1 + looked_up / keys, writes=2 / keys),
        "views#post": Demand(reads=1, writes=2),
        "views": Demand(reads=looked_up / keys, writes=2 / keys),
    }


ROUTES: Final[Mapping[str, Callable[[int], Demands]]] = {
    "GET /blogs": list_posts,
    "GET /blogs/{id}": read_post,
    "POST /visitors/track": count_visit,
    "POST /visitors/track, again": repeat_visit,
    "POST /analytics/track/blog/{id}": count_view,
}
"""Requests that stand for the others; all of one kind ask for the same post."""
