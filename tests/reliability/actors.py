"""Writers, readers and visitors who use the API at the same time, with a model of their effects.

Each of them has a container of its own: an app with its own clients. A writer changes one field of
the shared posts, which nobody else changes, and has items of its own. So a dictionary in memory
knows the end, in any order of the requests.
"""

import random
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import httpx

from src import SITE
from src.app import create_app
from tests.backend.lambda_client import LambdaTransport, open_handler
from tests.contract.content_kinds import KINDS, Kind
from tests.reliability.conflicts import inject_conflicts
from tests.reliability.figures import Row

if TYPE_CHECKING:
    from src.config import Settings

FIELDS: Final = ("title", "content", "excerpt", "category", "tags")
"""Fields of a post, each with a writer of its own."""

_CREATING: Final = Lock()
"""Clients of one session of boto3 are made one at a time."""

_BUSY: Final = HTTPStatus.SERVICE_UNAVAILABLE

type Json = dict[str, Any]


@dataclass(frozen=True)
class Container:
    """A container of the function, for one actor."""

    client: httpx.Client
    owner: Mapping[str, str]
    """The owner's headers."""

    chance: random.Random

    def write(self, method: str, path: str, body: Json | None = None) -> httpx.Response:
        """Send the owner's request; every attempt of it may have been in conflict."""
        answer = self.client.request(method, path, json=body, headers=self.owner)
        assert answer.is_success or answer.status_code == _BUSY, answer.text
        return answer

    def write_surely(self, method: str, path: str, body: Json | None = None) -> Json:
        """Repeat a request until it is done, and return the JSON of the answer."""
        while not (answer := self.write(method, path, body)).is_success:
            pass
        done: Json = answer.json()
        return done

    def read_all(self, base: str) -> list[Json]:
        """Return every item of a list, drafts too."""
        items: list[Json] = []
        total = 1
        while len(items) < total:
            page = self.read(f"{base}?status=all&offset={len(items)}", as_owner=True)
            items, total = [*items, *page["items"]], page["total"]
            assert page["items"]
        return items

    def read(self, path: str, *, as_owner: bool = False) -> Json:
        """Return the JSON of an answer."""
        answer = self.client.get(path, headers=self.owner if as_owner else {})
        assert answer.status_code == HTTPStatus.OK, answer.text
        body: Json = answer.json()
        return body


@contextmanager
def open_container(
    settings: "Settings", owner: Mapping[str, str], seed: str
) -> Generator[Container]:
    """Run a container with transactions that fail at random."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    app = create_app(settings)
    with _CREATING:
        inject_conflicts(app.state.services.dynamodb, chance)
    with open_handler(app) as invoke:
        transport = LambdaTransport(invoke)
        with httpx.Client(transport=transport, base_url=f"https://api.{SITE}") as client:
            yield Container(client, owner, chance)


@dataclass
class Writer:
    """An owner who changes one field of the shared posts, and items of their own."""

    container: Container
    shared: Sequence[str]
    """The ids of the shared posts."""

    name: str
    """The field; another name for the writer who publishes the posts and takes them back."""

    written: dict[str, Any] = field(default_factory=dict[str, Any])
    """The last value of the field, or the status, of each shared post."""

    own: dict[str, tuple[Kind, Json]] = field(default_factory=dict[str, tuple[Kind, Json]])
    """The writer's own items by id, as last read."""

    _count: int = 0

    def act(self, row: Row) -> None:
        """Do something, and count it."""
        self._count += 1
        acts: list[Callable[[], None]] = [self._change_shared, self._create]
        if self.own:
            acts += [self._edit, self._publish, self._unpublish, self._delete]
        act = self.container.chance.choice(acts)
        with row.case(f"{self.name}, step {self._count}, {act.__name__}"):
            act()

    def _change_shared(self) -> None:
        path = f"/blogs/{self.container.chance.choice(self.shared)}"
        if self.name in FIELDS:
            value = [f"tag {self._count}"] if self.name == "tags" else f"{self.name} {self._count}"
            answer = self.container.write("PUT", path, {self.name: value})
        else:
            value = self.container.chance.choice(["publish", "unpublish"])
            answer = self.container.write("POST", f"{path}/{value}")
            value = "PUBLISHED" if value == "publish" else "DRAFT"
        if answer.is_success:
            self.written[path] = value
        self._check_shared(path)

    def _check_shared(self, path: str) -> None:
        """Read what we have written: nobody else changes it."""
        if path in self.written:
            name = self.name if self.name in FIELDS else "status"
            assert self.container.read(path, as_owner=True)[name] == self.written[path]

    def _create(self) -> None:
        kind = self.container.chance.choice(KINDS)
        answer = self.container.write("POST", kind.base, kind.body())
        if answer.is_success:
            self.own[answer.json()["id"]] = kind, answer.json()

    def _edit(self) -> None:
        self._change(
            "PUT", "", lambda kind: self.container.chance.choice([kind.changes, kind.body()])
        )

    def _publish(self) -> None:
        self._change("POST", "/publish")

    def _unpublish(self) -> None:
        self._change("POST", "/unpublish")

    def _change(
        self, method: str, operation: str, body: Callable[[Kind], Json] = lambda _: {}
    ) -> None:
        content_id, (kind, before) = self.container.chance.choice([*self.own.items()])
        path = f"{kind.base}/{content_id}"
        answer = self.container.write(method, f"{path}{operation}", body(kind) or None)
        after = answer.json() if answer.is_success else before
        assert self.container.read(path, as_owner=True) == after
        self.own[content_id] = kind, after

    def _delete(self) -> None:
        content_id, (kind, _) = self.container.chance.choice([*self.own.items()])
        path = f"{kind.base}/{content_id}"
        if self.container.write("DELETE", path).is_success:
            del self.own[content_id]
            answer = self.container.client.get(path, headers=self.container.owner)
            assert answer.status_code == HTTPStatus.NOT_FOUND
        else:
            # A busy deletion may have unpublished it.
            self.own[content_id] = kind, self.container.read(path, as_owner=True)


@dataclass
class Visitor:
    """Somebody who visits the site and reads shared posts.

    All visitors have the same sessions at about the same time, as the tabs of one browser do.
    """

    container: Container
    shared: Sequence[str]
    tracked: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """The number of counted visits and views by session and path."""

    _count: int = 0

    def act(self, row: Row) -> None:
        """Visit the site or a post, and count it."""
        self._count += 1
        chance = self.container.chance
        posts = [f"/analytics/track/blog/{content_id}" for content_id in self.shared]
        path, session = chance.choice(["/visitors/track", *posts]), f"session-{self._count // 4}"
        with row.case(f"visit {self._count}, {path} in {session}"):
            headers = {"X-Session-Id": session}
            answer = self.container.client.post(path, headers=headers)
            if answer.status_code == HTTPStatus.OK:
                self.tracked[session, path] += answer.json()["tracked"]
            else:
                is_draft = answer.status_code == HTTPStatus.NOT_FOUND and "blog" in path
                assert is_draft or answer.status_code == _BUSY, answer.text


@dataclass
class Reader:
    """Somebody who reads lists, items and counts, with and without a token."""

    container: Container
    shared: Sequence[str]
    _count: int = 0

    def act(self, row: Row) -> None:
        """Read something, and count it."""
        self._count += 1
        act = self.container.chance.choice([self._read_list, self._read_item, self._read_counts])
        with row.case(f"read {self._count}, {act.__name__}"):
            act()

    def _read_list(self) -> None:
        kind, as_owner = self.container.chance.choice(KINDS), self.container.chance.random() < 0.5
        status = self.container.chance.choice(["all", "draft"]) if as_owner else "published"
        page = self.container.read(f"{kind.base}?status={status}", as_owner=as_owner)
        statuses = {item["status"] for item in page["items"]}
        assert status == "all" or statuses <= {status.upper()}
        ids = [item["id"] for item in page["items"]]
        assert len(set(ids)) == len(ids)

    def _read_item(self) -> None:
        path = f"/blogs/{self.container.chance.choice(self.shared)}"
        item = self.container.read(path, as_owner=True)
        assert {name for name in FIELDS if not item[name]} == set()

    def _read_counts(self) -> None:
        assert self.container.read("/visitors/count")["total_visitors"] >= 0
        for path in ("/blogs/categories", "/analytics/top-content", "/analytics/overview"):
            self.container.read(path, as_owner=True)
