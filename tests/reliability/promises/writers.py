"""Writers, readers and visitors at once: no lost update, exact counts, and agreement at rest."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from portfolio.local.emulator import run_emulator
from tests.backend.accounts import bearer, id_token
from tests.backend.app_settings import function_credentials, make_settings
from tests.backend.content_checks import read_table
from tests.contract.content_kinds import KINDS, POST
from tests.reliability.actors import FIELDS, Container, Reader, Visitor, Writer, open_container
from tests.reliability.agreement import assert_agreement
from tests.reliability.figures import Row
from tests.reliability.ground import Ground, open_ground

if TYPE_CHECKING:
    from src.config import Settings

_SHARED: Final = 3


def measure() -> Iterator[Row]:
    """Let 6 writers, 6 visitors and 3 readers do 300 steps each."""
    with function_credentials(), run_emulator() as emulator, open_ground(emulator) as ground:
        yield from use_at_once(ground, steps=300, visitors=6, readers=3)


def use_at_once(ground: Ground, *, steps: int, visitors: int, readers: int) -> list[Row]:
    """Let writers, visitors and readers act at once, then compare the table with the model.

    Args:
        ground: an empty table.
        steps: the number of steps of each of them.
        visitors: the number of visitors.
        readers: the number of readers.
    """
    pool = ground.create_pool()
    settings = make_settings(ground.emulator, pool, ground.table_name)
    owner = bearer(id_token(ground.cognito(), pool, pool.owner))
    with ExitStack() as stack:
        site = _Site(ground, stack, settings, owner)
        actors = site.open_actors(visitors, readers)
        return [*actors.act(steps), site.compare(actors)]


@dataclass(frozen=True)
class _Actors:
    writers: list[Writer]
    visitors: list[Visitor]
    readers: list[Reader]

    def act(self, steps: int) -> list[Row]:
        """Let all of them act at once."""
        groups = [
            (Row("writes, and reads of the written"), self.writers),
            (Row("visits and views"), self.visitors),
            (Row("reads of lists and counts"), self.readers),
        ]
        acting = [partial(_repeat, actor.act, row, steps) for row, each in groups for actor in each]
        with ThreadPoolExecutor(len(acting)) as pool:
            for done in [pool.submit(act) for act in acting]:
                done.result()
        return [row for row, _ in groups]


def _repeat(act: Callable[[Row], None], row: Row, steps: int) -> None:
    for _ in range(steps):
        act(row)


class _Site:
    """The shared posts, and the model of the end."""

    def __init__(
        self, ground: Ground, stack: ExitStack, settings: "Settings", owner: dict[str, str]
    ) -> None:
        self._ground, self._stack = ground, stack
        self._settings, self._owner = settings, owner
        self._admin = self._open("admin")
        self._shared = [self._create_post() for _ in range(_SHARED)]

    def open_actors(self, visitors: int, readers: int) -> _Actors:
        """Open a container for each of them."""
        shared = self._shared
        return _Actors(
            [Writer(self._open(name), shared, name) for name in (*FIELDS, "status")],
            [Visitor(self._open(f"visitor {n}"), shared) for n in range(visitors)],
            [Reader(self._open(f"reader {n}"), shared) for n in range(readers)],
        )

    def compare(self, actors: _Actors) -> Row:
        """Compare the table at rest with the model; each item and each count is a case."""
        row = Row("items and counts at rest")
        for writer in actors.writers:
            self._compare_items(row, writer)
        counted = sum((visitor.tracked for visitor in actors.visitors), Counter[tuple[str, str]]())
        with row.case("each session counted once"):
            assert {number for number in counted.values() if number} <= {1}
        with row.case("visits"):
            visits = sum(number for (_, path), number in counted.items() if "visitors" in path)
            assert self._admin.read("/visitors/count")["total_visitors"] == visits
        for content_id in self._shared:
            self._compare_views(row, content_id, counted)
        with row.case("lists"):
            self._compare_lists(actors)
        with row.case("the table"):
            assert_agreement(read_table(self._ground.client(), self._ground.table_name))
        return row

    def _compare_items(self, row: Row, writer: Writer) -> None:
        name = writer.name if writer.name in FIELDS else "status"
        for path, value in writer.written.items():
            with row.case(f"{name} of {path}"):
                assert self._admin.read(path, as_owner=True)[name] == value
        for content_id, (kind, item) in writer.own.items():
            with row.case(f"item {content_id} of {writer.name}"):
                assert self._admin.read(f"{kind.base}/{content_id}", as_owner=True) == item

    def _compare_views(self, row: Row, content_id: str, counted: Counter[tuple[str, str]]) -> None:
        with row.case(f"views of {content_id}"):
            track = f"/analytics/track/blog/{content_id}"
            views = sum(number for (_, path), number in counted.items() if path == track)
            self._admin.write_surely("POST", f"/blogs/{content_id}/publish")
            # It brings the stored views up to date: all attempts of earlier views may have failed.
            last = self._admin.write_surely("POST", track)
            assert last["views"] == views + 1
            read = self._admin.read(f"/analytics/views/blog/{content_id}")
            assert read["views"] == views + 1

    def _compare_lists(self, actors: _Actors) -> None:
        own = [each for writer in actors.writers for each in writer.own.items()]
        for kind in KINDS:
            ids = {content_id for content_id, (of, _) in own if of is kind}
            wanted = ids.union(self._shared if kind is POST else ())
            listed = [item["id"] for item in self._admin.read_all(kind.base)]
            assert sorted(listed) == sorted(wanted)

    def _create_post(self) -> str:
        content_id: str = self._admin.write_surely("POST", POST.base, POST.body())["id"]
        self._admin.write_surely("POST", f"{POST.base}/{content_id}/publish")
        return content_id

    def _open(self, name: str) -> Container:
        return self._stack.enter_context(open_container(self._settings, self._owner, name))
