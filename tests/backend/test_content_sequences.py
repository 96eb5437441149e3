"""Operations in any order have the answers of a dictionary in memory."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, override

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from src.repositories.content import ContentRepository
from src.repositories.shards import SHARDS
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.utils.errors import NotFoundError
from tests.backend.content_checks import SteppingClock, clear_table, read_table
from tests.backend.content_model import (
    KINDS,
    ContentModel,
    Json,
    KindOfContent,
    ViewModel,
    as_json,
    assert_table_holds,
)
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

# Whole seconds, as answers have them; in the future, as DynamoDB removes what has expired.
START: Final = datetime(2099, 1, 31, 9, 30, tzinfo=UTC)
SESSIONS: Final = ["a", "b", "c"]
MORE_SHARDS: Final = 8 * SHARDS
"""With so many shards, sessions are counted under further keys."""


# On CI, Hypothesis's own profile draws the same examples every time, and prints a line to run the
# failing one again. Nobody waits there for the shortest one, as finding it takes minutes.
SETTINGS: Final = settings(
    phases=[phase for phase in Phase if phase is not Phase.shrink or "CI" not in os.environ],
    max_examples=6,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def of_machine(name: str) -> st.SearchStrategy[Json]:
    """Return the strategy of the kind under test: its bodies, changes or queries."""
    return st.runner().flatmap(lambda machine: getattr(machine.of, name))


class ContentMachine(RuleBasedStateMachine):
    """Does the same to the table and to the dictionary."""

    ids: Bundle[str] = Bundle("ids")
    gone: Bundle[str] = Bundle("gone")

    def __init__(self, of: KindOfContent, dynamodb: "DynamoDBClient", table_name: str) -> None:
        super().__init__()
        self.of = of
        self.dynamodb = dynamodb
        self.table_name = table_name
        self.clock = SteppingClock(START)
        table = Table(dynamodb, table_name)
        self.repository: ContentRepository[Any] = ContentRepository(of.kind, table, self.clock)
        self.views = ViewRepository(table, self.clock)
        self.more_shards = ViewRepository(table, self.clock, MORE_SHARDS)
        self.expected = ContentModel(of)
        self.expected_views = ViewModel()

    # At a step of nothing, items are as old as each other.
    @initialize(minutes=st.sampled_from([0, 1, 700]))
    def start_clock(self, minutes: int) -> None:
        self.clock.step = timedelta(minutes=minutes)

    # Enough to make pages of, from the start.
    @initialize(target=ids, bodies=st.lists(of_machine("bodies"), min_size=2, max_size=6))
    def start_with_some(self, bodies: list[Json]) -> MultipleResults[str]:
        created = [self._create(body) for body in bodies]
        for content_id in created[1:]:
            self._publish(content_id)
        return multiple(*created)

    @rule(days=st.sampled_from([1, 29, 30]))
    def wait(self, days: int) -> None:
        self.clock.now += timedelta(days=days)

    @rule(target=ids, body=of_machine("bodies"))
    def create(self, body: Json) -> str:
        return self._create(body)

    def _create(self, body: Json) -> str:
        item = self.repository.create(self.of.create.model_validate(body))
        self.expected.create(item.id, body, self.clock.now)
        assert as_json(item) == self.expected.items[item.id]
        return item.id

    @rule(content_id=ids, changes=of_machine("changes"), query=of_machine("queries"))
    def edit(self, content_id: str, changes: Json, query: Json) -> None:
        item = self.repository.edit(content_id, self.of.update.model_validate(changes))
        self.expected.edit(content_id, changes, self.clock.now)
        assert as_json(item) == self.expected.items[content_id]
        self._find(query)

    @rule(content_id=ids, query=of_machine("queries"))
    def publish(self, content_id: str, query: Json) -> None:
        self._publish(content_id)
        self._find(query)

    def _publish(self, content_id: str) -> None:
        item = self.repository.publish(content_id)
        self.expected.set_status(content_id, "PUBLISHED", self.clock.now)
        assert as_json(item) == self.expected.items[content_id]

    @rule(content_id=ids, query=of_machine("queries"))
    def unpublish(self, content_id: str, query: Json) -> None:
        item = self.repository.unpublish(content_id)
        self.expected.set_status(content_id, "DRAFT", self.clock.now)
        assert as_json(item) == self.expected.items[content_id]
        self._find(query)

    @rule(target=gone, content_id=consumes(ids), query=of_machine("queries"))
    def delete(self, content_id: str, query: Json) -> str:
        self.repository.delete(content_id)
        del self.expected.items[content_id]
        self.expected_views.delete(content_id)
        self._find(query)
        return content_id

    @rule(content_id=ids, drafts=st.booleans())
    def get(self, content_id: str, *, drafts: bool) -> None:
        item = self.expected.items[content_id]
        if item["status"] == "PUBLISHED" or drafts:
            assert as_json(self.repository.get(content_id, drafts=lambda: drafts)) == item
        else:
            with pytest.raises(NotFoundError):
                self.repository.get(content_id, drafts=lambda: drafts)

    @rule(queries=st.lists(of_machine("queries"), min_size=1, max_size=5))
    def find(self, queries: list[Json]) -> None:
        for query in queries:
            self._find(query)

    def _find(self, query: Json) -> None:
        found = self.repository.find(self.of.query.model_validate(query))
        assert ([as_json(item) for item in found.items], found.total) == self.expected.page(query)

    @rule()
    def list_values(self) -> None:
        for name in self.of.filters:
            assert self.repository.published_values(name) == self.expected.published_values(name)

    @rule(
        content_id=ids,
        session=st.sampled_from(SESSIONS),
        shards=st.sampled_from([SHARDS, MORE_SHARDS]),
    )
    def track(self, content_id: str, session: str, shards: int) -> None:
        views = self.views if shards == SHARDS else self.more_shards
        if self.expected.items[content_id]["status"] == "DRAFT":
            with pytest.raises(NotFoundError):
                views.track(self.of.kind, content_id, session)
            return
        view = views.track(self.of.kind, content_id, session)
        assert view == self.expected_views.track(content_id, session, self.clock.now, shards)

    @rule(limit=st.integers(1, 4))
    def rank(self, limit: int) -> None:
        views = self.expected_views.views
        ranking = self.views.most_viewed(self.of.kind, limit)
        assert ranking == [(each, views[each]) for each, _ in ranking]
        # Which of two viewed as often comes first is open.
        assert [n for _, n in ranking] == sorted(views.values(), reverse=True)[:limit]
        assert len(dict(ranking)) == len(ranking)

    @rule(content_id=ids | gone)
    def count_views(self, content_id: str) -> None:
        views = self.expected_views.views
        assert self.views.count(self.of.kind, content_id) == views.get(content_id, 0)
        assert self.views.count_each(self.of.kind) == views
        assert self.views.total() == sum(views.values())

    @rule(content_id=gone, changes=of_machine("changes"))
    def touch_what_is_gone(self, content_id: str, changes: Json) -> None:
        operations = [
            lambda: self.repository.get(content_id, drafts=lambda: True),
            lambda: self.repository.edit(content_id, self.of.update.model_validate(changes)),
            lambda: self.repository.publish(content_id),
            lambda: self.repository.unpublish(content_id),
            lambda: self.repository.delete(content_id),
            lambda: self.views.track(self.of.kind, content_id, "a"),
        ]
        for operation in operations:
            with pytest.raises(NotFoundError):
                operation()

    @override
    def teardown(self) -> None:
        stored = read_table(self.dynamodb, self.table_name)
        clear_table(self.dynamodb, self.table_name)
        assert_table_holds(stored, self.expected, self.expected_views)


@pytest.mark.parametrize("of", KINDS, ids=lambda of: of.kind.name)
def test_any_sequence_of_operations(
    dynamodb: "DynamoDBClient", table_name: str, of: KindOfContent
) -> None:
    class Machine(ContentMachine):
        def __init__(self) -> None:
            super().__init__(of, dynamodb, table_name)

    run_state_machine_as_test(Machine, settings=SETTINGS)
