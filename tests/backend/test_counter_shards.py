"""The setting `counterShards`: more shards move the limit of a count, and no change loses one."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from portfolio.local.emulator import Emulator
from src.app import create_app
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Item, Key, Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from tests.backend.app_client import connect
from tests.backend.content_checks import SteppingClock, clear_table, post_input, read_table
from tests.backend.dynamodb_traffic import record, refuse
from tests.reliability.figures import Row
from tests.reliability.ground import open_ground
from tests.reliability.promises.counter_shards import (
    MOST,
    send_above_limit,
    send_through_changes,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from src.config import Settings

NOW: Final = datetime(2026, 1, 3, 12, tzinfo=UTC)
TODAY: Final = date(2026, 1, 3)
# Up and down, with the default at the end: each read must find the shards of the others.
CHANGES: Final = (64, MOST, 128, 320, 64)
FURTHER: Final = re.compile(r"#[1-7]$")


@pytest.fixture
def table(own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str) -> Table:
    clear_table(dynamodb, table_name)
    return Table(own_client, table_name)


@pytest.fixture
def post(table: Table) -> str:
    posts = ContentRepository(POSTS, table)
    return posts.publish(posts.create(post_input()).id).id


def visitors_of(table: Table, shards: int = 64) -> VisitorRepository:
    return VisitorRepository(table, SteppingClock(NOW, timedelta()), shards)


def views_of(table: Table, shards: int = 64) -> ViewRepository:
    return ViewRepository(table, SteppingClock(NOW, timedelta()), shards)


def counters(stored: dict[Key, Item]) -> dict[Key, Item]:
    return {key: item for key, item in stored.items() if re.match("visitors|views", key[0])}


def assert_pointed_to(stored: dict[Key, Item]) -> None:
    """Check that each shard under a further key is found by a pointer."""
    further = [key for key in counters(stored) if FURTHER.search(key[0])]
    assert further
    for partition, sort_key in further:
        prefix = sort_key.rpartition("#")[0]
        own, number = partition[:-2], partition[-1]
        assert (own, f"{prefix}#+{number}" if prefix else f"+{number}") in stored


def test_the_default_makes_the_calls_and_items_of_a_table_without_the_setting(
    table: Table,
    post: str,
    own_client: "DynamoDBClient",
    dynamodb: "DynamoDBClient",
    table_name: str,
) -> None:
    calls = record(own_client)
    visitors_of(table).track("b")
    views_of(table).track(POSTS, post, "b")

    assert [name for name, _ in calls] == [
        *("GetItem", "TransactWriteItems", "Query"),
        *("BatchGetItem", "TransactWriteItems", "Query", "GetItem", "TransactWriteItems"),
    ]
    assert counters(read_table(dynamodb, table_name)) == {
        ("visitors", "57"): {"visits": 1, "lastVisit": int(NOW.timestamp())},
        ("visitors#days", "2026-01#57"): {"03": 1},
        (f"views#post#{post}", "57"): {"counted": 1},
        ("views#post", post): {"views": 1},
        ("views", "57"): {"total": 1},
    }


def test_no_count_is_lost_when_the_number_of_shards_changes(
    table: Table, post: str, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    for number, shards in enumerate(CHANGES, start=1):
        sessions = [f"{session}{number}" for session in "ab"]
        for session in sessions:
            assert visitors_of(table, shards).track(session).tracked
            assert views_of(table, shards).track(POSTS, post, session).tracked
        expected = len(sessions) * number
        # A session counts once with all settings.
        assert views_of(table, MOST).track(POSTS, post, sessions[0]) == (expected, False)
        assert visitors_of(table, MOST).track(sessions[0]) == (expected, False)
        for reader in (visitors_of(table), visitors_of(table, MOST)):
            assert reader.count() == (expected, NOW)
            assert reader.daily(1) == [(TODAY, expected)]
            assert reader.monthly(1) == [(TODAY.replace(day=1), expected)]
            assert reader.counted_days() == {TODAY: expected}
        views = views_of(table)
        assert views.count(POSTS, post) == views.total() == expected
        assert views.most_viewed(POSTS, 1) == [(post, expected)]
    assert_pointed_to(read_table(dynamodb, table_name))


def test_a_version_without_the_setting_reads_pointers_as_zeros(
    table: Table, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    visitors_of(table, MOST).track("b")
    stored = read_table(dynamodb, table_name)

    assert stored["visitors", "+7"] == {"visits": 0}
    assert stored["visitors#days", "2026-01#+7"] == {"03": 0}


def test_a_pointer_is_stored_before_the_first_count(
    table: Table, own_client: "DynamoDBClient"
) -> None:
    refused = {"__type": "com.amazonaws.dynamodb.v20120810#ValidationException", "message": ""}
    refuse(own_client, "TransactWriteItems", refused)
    with pytest.raises(own_client.exceptions.ClientError):
        visitors_of(table, MOST).track("b")
    # The function died in between. Nothing was counted, and the next visit is.
    assert visitors_of(table).count().total == 0
    assert visitors_of(table, MOST).track("b") == (1, True)
    calls = record(own_client)
    assert visitors_of(table, MOST).track("b") == (1, False)
    assert [name for name, _ in calls] == ["GetItem", "Query", "Query"]


def test_visits_are_set_whatever_the_shards_hold(table: Table) -> None:
    for session in "abcdefgh":
        visitors_of(table, MOST).track(session)
    visitors, last = visitors_of(table), NOW - timedelta(days=1)

    assert visitors.restore(TODAY, 2)
    assert not visitors.restore(TODAY, 2)
    assert visitors.counted_days() == {TODAY: 2}
    assert visitors.restore_total(5, last)
    assert not visitors.restore_total(5, last)
    assert visitors_of(table, MOST).count() == (5, last)
    assert visitors_of(table, MOST).track("i") == (6, True)
    assert visitors.count() == (6, NOW)
    assert visitors.daily(1) == [(TODAY, 3)]


def test_views_are_set_whatever_the_shards_hold(table: Table, post: str) -> None:
    for session in "abcdefgh":
        views_of(table, MOST).track(POSTS, post, session)
    views = views_of(table)
    for wanted in (42, 0, 5):
        assert views.restore(POSTS, post, wanted)
        assert not views.restore(POSTS, post, wanted)
        assert (views.count(POSTS, post), views.total()) == (wanted, wanted)
    assert views_of(table, MOST).track(POSTS, post, "i") == (6, True)


def test_a_deletion_removes_the_shards_under_all_keys(
    table: Table, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    posts = ContentRepository(POSTS, table)
    post = posts.publish(posts.create(post_input()).id)
    shards = f"views#post#{post.id}"
    # More than one transaction removes.
    for number in range(-(-MOST // 64)):
        for shard in range(13):
            key = f"{shards}#{number}" if number else shards
            table.store((key, f"{shard:02}"), {"counted": 1})
        if number:
            table.store((shards, f"+{number}"), {"counted": 0})
    assert views_of(table, MOST).track(POSTS, post.id, "a").views == 105
    posts.delete(post.id)

    stored = read_table(dynamodb, table_name)
    left = {key for key in stored if key[0].startswith(shards)}
    assert left == {(shards, f"+{number}") for number in range(1, 8)}
    assert views_of(table).total() == 0
    posts.restore(post)
    assert views_of(table, MOST).track(POSTS, post.id, "b") == (1, True)
    assert views_of(table).total() == 1


def test_the_setting_reaches_the_routes(
    settings: "Settings", table: Table, post: str, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    assert table
    with connect(create_app(settings.model_copy(update={"counter_shards": MOST}))) as client:
        for number in range(3):
            body = {"session_id": f"session-{number}"}
            visit = client.post("/visitors/track", json=body).json()
            view = client.post(f"/analytics/track/blog/{post}", json=body).json()
            assert (visit["count"], view["views"]) == (number + 1, number + 1)
        assert client.get("/visitors/count").json()["total_visitors"] == 3
    stored = read_table(dynamodb, table_name)
    assert_pointed_to(stored)
    names = {partition[:-2] for partition, _ in stored if FURTHER.search(partition)}
    assert names == {"visitors", "visitors#days", f"views#post#{post}", "views"}


@pytest.mark.real
def test_more_shards_count_a_crowd_that_one_key_turns_away(emulator: Emulator) -> None:
    def measure(shards: int) -> Row:
        with open_ground(emulator) as ground:
            # A limit that this machine reaches: four counts a second for each key.
            return send_above_limit(ground, shards=shards, visitors=30, units=8)

    turned_away = measure(64).lost
    assert len(turned_away) > 5
    # Those who were not are counted exactly.
    assert not [case for case in turned_away if case.startswith("the sums")]
    assert measure(MOST).lost == []


@pytest.mark.real
def test_no_count_is_lost_while_the_setting_changes(emulator: Emulator) -> None:
    with open_ground(emulator) as ground:
        assert send_through_changes(ground, 40).lost == []
