"""A request for every documented operation.

The operations come from the schema, so a new one is under test or fails here.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from infra.paths import BACKEND
from src.api.kinds import KINDS as REGISTRY
from src.models.user import Session
from tests.backend.accounts import UserPool
from tests.contract.content_kinds import KINDS, Kind
from tests.reliability.agreement import Stored, items_of

type _MakeBody = Callable[[Session], Mapping[str, Any]]

_VOLATILE: Final = frozenset(
    {
        *("id", "slug", "createdAt", "updatedAt", "publishedAt", "last_updated"),
        *("access_token", "id_token", "refresh_token", "version"),
    }
)
"""Keys whose values differ from run to run."""

_FILTERED: Final = {
    "/blogs": "?status=all&category=Contract%20tests&tag=contract",
    "/projects": "?status=all&technology=Python",
    "/certifications": "?status=draft&type=certification&featured=false",
}
"""Queries of lists that read several partitions."""


@dataclass(frozen=True)
class Call:
    """A request for an operation."""

    method: str
    path: str
    """Path and query."""

    body: _MakeBody | None = None
    as_owner: bool = False

    @property
    def name(self) -> str:
        """The request line, for people."""
        return f"{self.method} {self.path}{' as the owner' * self.as_owner}"


@dataclass(frozen=True)
class Contents:
    """A published item and a draft of each kind, as the API returned them."""

    published: Mapping[str, Mapping[str, Any]]
    drafts: Mapping[str, Mapping[str, Any]]


def make_calls(contents: Contents, pool: UserPool) -> list[Call]:
    """Return a request for each documented operation, and more for those with several ways."""
    schema = json.loads((BACKEND / "openapi.json").read_text())
    return [
        call
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        for call in _make_calls(method.upper(), path, operation["security"], contents, pool)
    ]


def _make_calls(
    method: str, path: str, security: list[Any], contents: Contents, pool: UserPool
) -> Iterator[Call]:
    kind = next((each for each in KINDS if path.startswith(each.base)), KINDS[0])
    items = contents.drafts if path.endswith("/publish") else contents.published
    filled = path.replace("{type}", kind.content_type)
    for name in ("id", "slug"):
        filled = filled.replace(f"{{{name}}}", str(items[kind.base].get(name)))
    body = _make_body(method, path, kind, pool)
    if {} in security or not security:
        yield Call(method, filled, body)
    if security:
        yield Call(method, filled, body, as_owner=True)
    if method == "GET" and path in _FILTERED:
        yield Call(method, f"{path}{_FILTERED[path]}", as_owner=True)


def _make_body(method: str, path: str, kind: Kind, pool: UserPool) -> _MakeBody | None:
    credentials = {"email": pool.owner.email, "password": pool.owner.password}
    known: dict[tuple[str, str], _MakeBody] = {
        ("POST", "/auth/login"): lambda _: credentials,
        ("POST", "/auth/refresh"): lambda session: {"refresh_token": session.refresh_token},
        ("POST", "/auth/logout"): lambda session: {"access_token": session.access_token},
        ("POST", kind.base): lambda _: kind.body(),
        ("PUT", f"{kind.base}/{{id}}"): lambda _: kind.changes,
    }
    return known.get((method, path))


def without_volatile(value: Any) -> Any:
    """Return a value of JSON without what differs from run to run."""
    if isinstance(value, dict):
        named = cast("dict[str, Any]", value)
        return {name: without_volatile(named[name]) for name in named.keys() - _VOLATILE}
    if isinstance(value, list):
        return [without_volatile(each) for each in cast("list[Any]", value)]
    return value


def summarize(stored: Stored) -> Counter[str]:
    """Return what a table says, without what differs from run to run; dead shards say nothing."""
    found = [(api.kind, item) for api in REGISTRY for item in items_of(stored, api.kind)]
    texts = [
        json.dumps(without_volatile(item.model_dump(mode="json")), sort_keys=True)
        for _, item in found
    ]
    shards = {f"views#{kind.name}#{item.id}" for kind, item in found}
    views = sum(int(item["counted"]) for key, item in stored.items() if key[0] in shards)
    visits = sum(int(item["visits"]) for key, item in stored.items() if key[0] == "visitors")
    return Counter([*texts, f"{visits} visits", f"{views} views"])
