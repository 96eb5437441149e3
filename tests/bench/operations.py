"""Operations of the API, in all ways with different costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import uuid4

import httpx

from src.api.content import ContentApi
from src.api.kinds import KINDS
from tests.bench.dynamodb_meter import Cost, Meter
from tests.bench.seed import PAGE, TAGS, item_body

_NEW: Final = 999_999
"""The number of an item to measure."""

_OWNER: Final = {"Authorization": "Bearer token"}


@dataclass(frozen=True)
class Stage:
    """A running stage of some size."""

    client: httpx.Client
    meter: Meter
    size: int
    published: Mapping[str, str]
    """The id of a published item by its kind, and the slug of the post."""

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        session: str = "",
        *,
        with_token: bool = True,
    ) -> Any:
        """Make a successful request, and return the JSON of its answer."""
        headers = {"X-Session-Id": session} if session else {}
        headers |= _OWNER if with_token else {}
        answer = self.client.request(method, path, json=body, headers=headers).raise_for_status()
        return answer.json() if answer.content else None

    def measure(
        self,
        method: str,
        path: str,
        body: object = None,
        session: str = "",
        *,
        with_token: bool = True,
    ) -> Cost:
        """Make a request, and return its cost."""
        return self.meter.measure(
            lambda: self.request(method, path, body, session, with_token=with_token)
        )


@dataclass(frozen=True)
class Operation:
    """One operation called in one way."""

    name: str
    measure: Callable[[Stage], Cost]
    exemption: str = ""
    """Reason for a growing cost; empty if the cost must not grow."""


def list_operations() -> list[Operation]:
    """Return all, in the order of the contract."""
    return [
        *_FREE,
        *(operation for api in KINDS for operation in _content_operations(api)),
        *_VISITORS,
        *_ANALYTICS,
    ]


def _read(path: str, exemption: str = "", *, with_token: bool = False) -> Operation:
    """Return an operation without changes; its path may name an item or an offset."""

    def measure(stage: Stage) -> Cost:
        # Of the published half, all but the last page.
        values = {**stage.published, "offset": stage.size // 2 - PAGE}
        return stage.measure("GET", path.format(**values), with_token=with_token)

    return Operation(f"GET {path}{', with a token' * with_token}", measure, exemption)


_owner_read: Final = partial(_read, with_token=True)


def _free(method: str, path: str) -> Operation:
    return Operation(f"{method} {path}", lambda _stage: Cost())


_FREE: Final = (
    _read("/"),
    _read("/health"),
    # They ask Cognito alone, which the bench has not.
    _free("POST", "/auth/login"),
    _free("POST", "/auth/logout"),
    _free("POST", "/auth/refresh"),
    _owner_read("/auth/me"),
)

_TWO_FILTERS: Final = "two filters"
_ALL_STATUSES: Final = "all of a filter, drafts too"
_OFFSET: Final = "offset"
_RETURNS_ALL: Final = "returns all"
_RETURNS_TEN: Final = "returns 10 at most"
_RETURNS_HUNDRED: Final = "returns 100 at most"

_FILTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "post": ("category=Cloud", f"tag={TAGS[0]}"),
    "project": ("technology=Python", "featured=true"),
    "certification": ("type=course", "issuer=Amazon Web Services", "featured=true"),
}

_POST_READS: Final = ("/blogs/categories", "/blogs/categories/list", "/blogs/slug/{slug}")


def _content_operations(api: ContentApi[Any]) -> list[Operation]:
    base, kind = api.path, api.kind.name
    page, filters = f"{base}?limit={PAGE}", _FILTERS.get(kind, ())
    return [
        _read(page),
        _owner_read(page),
        _owner_read(f"{page}&status=draft"),
        _owner_read(f"{page}&status=all"),
        *(_read(f"{page}&{each}") for each in filters),
        *(_owner_read(f"{page}&status=draft&{each}") for each in filters[:1]),
        *(_owner_read(f"{page}&status=all&{each}", _ALL_STATUSES) for each in filters[:1]),
        *([_read(f"{page}&{'&'.join(filters[:2])}", _TWO_FILTERS)] if len(filters) > 1 else []),
        _read(f"{page}&offset={{offset}}", _OFFSET),
        *(map(_read, _POST_READS) if kind == "post" else ()),
        _read(f"{base}/{{{kind}}}"),
        *_content_writes(api),
    ]


def _content_writes(api: ContentApi[Any]) -> list[Operation]:
    base, item = api.path, f"{api.path}/{{id}}"
    body = item_body(api, _NEW)
    name = next(iter(body))
    # The next item's fields: a post gets another category and other tags.
    moved = {**item_body(api, _NEW + 1), name: body[name]}

    def write(method: str, path: str, body: object = None) -> Callable[[Stage, str], Cost]:
        return lambda stage, found: stage.measure(method, path.format(id=found), body)

    def on_fresh_item(
        act: Callable[[Stage, str], Cost], *, published: bool = False
    ) -> Callable[[Stage], Cost]:
        return lambda stage: _measure_on_fresh_item(stage, api, act, published=published)

    operations = {
        f"PUT {base}/{{id}}, one field": (write("PUT", item, {name: "Changed"}), True),
        f"PUT {base}/{{id}}, other filters": (write("PUT", item, moved), True),
        f"POST {base}/{{id}}/publish": (write("POST", f"{item}/publish"), False),
        f"POST {base}/{{id}}/unpublish": (write("POST", f"{item}/unpublish"), True),
        f"DELETE {base}/{{id}}": (write("DELETE", item), True),
    }
    return [
        Operation(f"POST {base}", lambda stage: _measure_creation(stage, api)),
        *(
            Operation(title, on_fresh_item(act, published=published))
            for title, (act, published) in operations.items()
        ),
    ]


def _measure_creation(stage: Stage, api: ContentApi[Any]) -> Cost:
    path = api.path
    created: list[str] = []

    def create() -> None:
        answer = stage.request("POST", path, item_body(api, _NEW))
        created.append(answer["id"])

    cost = stage.meter.measure(create)
    stage.request("DELETE", f"{path}/{created[0]}")
    return cost


def _measure_on_fresh_item(
    stage: Stage, api: ContentApi[Any], act: Callable[[Stage, str], Cost], *, published: bool
) -> Cost:
    """Measure an act on a new item; delete the item afterwards."""
    path = api.path
    found = stage.request("POST", path, item_body(api, _NEW))["id"]
    if published:
        stage.request("POST", f"{path}/{found}/publish")
    cost = act(stage, found)
    # A measured deletion has removed it already.
    stage.client.delete(f"{path}/{found}", headers=_OWNER)
    return cost


def _track(path: str) -> tuple[Operation, Operation]:
    """Return the first and the second tracking of a session; the path may name an item."""

    def measure(stage: Stage, *, again: bool) -> Cost:
        session, tracked = uuid4().hex, path.format(**stage.published)
        if again:
            stage.request("POST", tracked, session=session)
        return stage.measure("POST", tracked, session=session)

    return (
        Operation(f"POST {path}", partial(measure, again=False)),
        Operation(f"POST {path}, again", partial(measure, again=True)),
    )


_VISITORS: Final = (
    *_track("/visitors/track"),
    _read("/visitors/count"),
    _owner_read("/visitors/trends/daily?days=30"),
    _owner_read("/visitors/trends/monthly?months=6"),
)

_ANALYTICS: Final = (
    *_track("/analytics/track/blog/{post}"),
    _read("/analytics/views/blog/{post}"),
    _owner_read("/analytics/views/blog", _RETURNS_ALL),
    _owner_read("/analytics/top-content"),
    _owner_read("/analytics/views/total"),
    _owner_read("/analytics/overview", _RETURNS_TEN),
    _owner_read("/analytics/pages", _RETURNS_HUNDRED),
    _owner_read("/analytics/pages?content_type=blog", _RETURNS_HUNDRED),
    _owner_read("/analytics/blog/{post}/stats"),
)
