"""Views are counted exactly once per session and item in 30 days."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from src.models.post import Post
from src.repositories.certifications import CERTIFICATIONS
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.projects import PROJECTS
from src.repositories.table import Table
from src.repositories.views import View, ViewRepository
from src.utils.errors import NotFoundError, ServiceUnavailableError
from tests.backend.content_checks import SteppingClock, clear_table, post_input, read_table
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import (
    before_each,
    cancelled,
    keep_index_behind,
    lose_answers,
    record,
    refuse,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

CONFLICT = cancelled("None", "TransactionConflict")

type Posts = ContentRepository[Post]


class CutOffError(Exception):
    """The end of a container in the middle of a request."""


def cut_off() -> None:
    raise CutOffError


@pytest.fixture
def clock() -> SteppingClock:
    # Not in the past, where DynamoDB Local would delete the markers.
    return SteppingClock(datetime(2097, 1, 31, tzinfo=UTC), timedelta())


@pytest.fixture
def posts(dynamodb: "DynamoDBClient", table_name: str) -> Posts:
    clear_table(dynamodb, table_name)
    return ContentRepository(POSTS, Table(dynamodb, table_name), SteppingClock())


@pytest.fixture
def publish(posts: Posts) -> Callable[[], str]:
    return lambda: posts.publish(posts.create(post_input()).id).id


@pytest.fixture
def views(
    own_client: "DynamoDBClient", posts: Posts, table_name: str, clock: SteppingClock
) -> ViewRepository:
    assert posts
    return ViewRepository(Table(own_client, table_name), clock)


@pytest.fixture
def others(dynamodb: "DynamoDBClient", table_name: str, clock: SteppingClock) -> ViewRepository:
    return ViewRepository(Table(dynamodb, table_name), clock)


def test_a_session_counts_once_per_item(views: ViewRepository, publish: Callable[[], str]) -> None:
    first, second = publish(), publish()

    assert views.track(POSTS, first, "a") == (1, True)
    assert views.track(POSTS, first, "a") == (1, False)
    assert views.track(POSTS, first, "b") == (2, True)
    assert views.track(POSTS, second, "a") == (1, True)
    assert views.count(POSTS, first) == 2
    assert views.total() == 3


def test_after_thirty_days_it_counts_again_whether_the_marker_has_expired_or_not(
    views: ViewRepository, publish: Callable[[], str], clock: SteppingClock
) -> None:
    post = publish()
    clock.now = datetime(2097, 1, 1, 12, 0, 0, 1, UTC)
    assert views.track(POSTS, post, "a").tracked
    clock.now += timedelta(days=30) - timedelta(seconds=1)
    assert not views.track(POSTS, post, "a").tracked
    clock.now += timedelta(seconds=2)
    assert views.track(POSTS, post, "a") == (2, True)


@pytest.mark.parametrize("content_id", [str(uuid.uuid4()), "x" * 3000, "", "a#b"], ids=range(4))
def test_an_unknown_item_is_not_counted(views: ViewRepository, content_id: str) -> None:
    with pytest.raises(NotFoundError, match=r"^There is no published post with this id\.$"):
        views.track(POSTS, content_id, "a")
    assert views.count(POSTS, content_id) == views.total() == 0


def test_drafts_and_items_of_another_kind_are_not_counted(
    views: ViewRepository, posts: Posts, publish: Callable[[], str]
) -> None:
    draft, published = posts.create(post_input()).id, publish()
    for kind, content_id in ((POSTS, draft), (PROJECTS, published)):
        with pytest.raises(NotFoundError):
            views.track(kind, content_id, "a")
    assert views.total() == 0


@pytest.mark.parametrize("viewed_before", [0, 2])
@pytest.mark.parametrize(
    "call", [("TransactWriteItems", 0), ("TransactWriteItems", 1), ("Query", 0), ("GetItem", 0)]
)
def test_a_view_of_an_item_deleted_in_between_is_not_counted(
    views: ViewRepository,
    posts: Posts,
    own_client: "DynamoDBClient",
    call: tuple[str, int],
    viewed_before: int,
) -> None:
    post = posts.publish(posts.create(post_input()).id).id
    for session in range(viewed_before):
        views.track(POSTS, post, str(session))
    operation, number = call
    before_each(own_client, operation, [lambda: None] * number + [lambda: posts.delete(post)])
    with pytest.raises(NotFoundError):
        views.track(POSTS, post, "a")
    assert views.count(POSTS, post) == views.total() == 0
    assert views.count_each(POSTS) == {}
    assert views.most_viewed(POSTS, 1) == []


@pytest.mark.parametrize("transaction", [0, 1])
def test_a_view_that_started_before_an_unpublication_counts(
    views: ViewRepository,
    posts: Posts,
    publish: Callable[[], str],
    own_client: "DynamoDBClient",
    transaction: int,
) -> None:
    post = publish()
    steps = [lambda: None] * transaction + [lambda: posts.unpublish(post)]
    before_each(own_client, "TransactWriteItems", steps)
    assert views.track(POSTS, post, "a") == (1, True)
    assert views.count(POSTS, post) == views.total() == 1
    assert views.count_published(POSTS, post) == 0
    with pytest.raises(NotFoundError):
        views.track(POSTS, post, "b")
    posts.publish(post)
    assert views.track(POSTS, post, "a") == (1, False)


def test_a_deletion_stops_the_views_that_keep_it_from_succeeding(
    views: ViewRepository,
    publish: Callable[[], str],
    own_client: "DynamoDBClient",
    others: ViewRepository,
    table_name: str,
) -> None:
    post = publish()
    sessions = map(str, count())
    watched: Posts = ContentRepository(POSTS, Table(own_client, table_name))

    def view() -> None:
        with suppress(NotFoundError):
            others.track(POSTS, post, next(sessions))

    before_each(own_client, "TransactWriteItems", [view] * 20)
    watched.delete(post)
    # Before the deletion and before the unpublication; after that, there were none.
    assert views.count_each(POSTS) == {}
    assert next(sessions) == "4"
    assert views.total() == 0


def test_the_views_for_everyone_are_one_call_of_small_items(
    views: ViewRepository, publish: Callable[[], str], own_client: "DynamoDBClient"
) -> None:
    post = publish()
    views.track(POSTS, post, "a")
    calls = record(own_client)
    assert views.count_published(POSTS, post) == 1
    assert [name for name, _ in calls] == ["BatchGetItem"]


def test_the_most_viewed_come_first(views: ViewRepository, publish: Callable[[], str]) -> None:
    # Two digits: as text, 9 would come before 10.
    amounts = {publish(): amount for amount in (9, 1, 10)}
    unseen = publish()
    for post, amount in amounts.items():
        for session in range(amount):
            views.track(POSTS, post, str(session))

    ranking = sorted(amounts.items(), key=lambda item: item[1], reverse=True)
    assert views.most_viewed(POSTS, 20) == ranking
    assert views.most_viewed(POSTS, 2) == ranking[:2]
    assert views.count_each(POSTS) == amounts
    assert unseen not in views.count_each(POSTS)
    assert views.most_viewed(CERTIFICATIONS, 20) == []
    assert views.total() == 20


def test_a_deleted_item_leaves_the_ranking_and_the_total(
    views: ViewRepository,
    posts: Posts,
    publish: Callable[[], str],
    dynamodb: "DynamoDBClient",
    table_name: str,
) -> None:
    gone, kept, unseen = publish(), publish(), publish()
    for content_id, session in ((gone, "a"), (gone, "b"), (kept, "a")):
        views.track(POSTS, content_id, session)
    posts.delete(gone)
    posts.delete(unseen)

    assert views.most_viewed(POSTS, 20) == [(kept, 1)]
    assert views.total() == 1
    assert views.count(POSTS, gone) == 0
    stored = {partition for partition, _ in read_table(dynamodb, table_name)}
    assert not [partition for partition in stored if gone in partition or unseen in partition]


def test_a_deletion_succeeds_even_if_shards_stay(
    views: ViewRepository,
    publish: Callable[[], str],
    own_client: "DynamoDBClient",
    table_name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    post = publish()
    views.track(POSTS, post, "a")
    refused = {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": ""}
    refuse(own_client, "Query", refused, times=2)
    ContentRepository(POSTS, Table(own_client, table_name)).delete(post)
    assert "shards of a deleted post" in caplog.text
    assert views.total() == views.count(POSTS, post) == 0
    with pytest.raises(NotFoundError):
        views.track(POSTS, post, "b")


def test_an_index_that_is_behind_ranks_the_items_it_has(
    views: ViewRepository,
    posts: Posts,
    publish: Callable[[], str],
    own_client: "DynamoDBClient",
) -> None:
    gone, kept, new = publish(), publish(), publish()
    for content_id, session in ((gone, "a"), (gone, "b"), (kept, "a")):
        views.track(POSTS, content_id, session)
    keep_index_behind(own_client)
    assert views.most_viewed(POSTS, 20) == [(gone, 2), (kept, 1)]
    posts.delete(gone)
    views.track(POSTS, new, "a")

    assert views.most_viewed(POSTS, 20) == [(gone, 2), (kept, 1)]
    assert views.count(POSTS, gone) == 0
    assert views.count_each(POSTS) == {kept: 1, new: 1}


def test_a_draft_keeps_its_views(
    views: ViewRepository, posts: Posts, publish: Callable[[], str]
) -> None:
    post = publish()
    views.track(POSTS, post, "a")
    posts.unpublish(post)
    assert views.total() == 1
    posts.publish(post)
    assert views.track(POSTS, post, "b") == (2, True)


def test_a_view_while_an_item_is_deleted_leaves_nothing_behind(
    views: ViewRepository,
    publish: Callable[[], str],
    own_client: "DynamoDBClient",
    others: ViewRepository,
    table_name: str,
) -> None:
    post = publish()
    watched: Posts = ContentRepository(POSTS, Table(own_client, table_name))
    steps = [lambda: others.track(POSTS, post, "a"), lambda: others.track(POSTS, post, "b")]
    before_each(own_client, "TransactWriteItems", steps)
    watched.delete(post)
    assert views.count(POSTS, post) == views.total() == 0
    assert views.count_each(POSTS) == {}


def test_a_second_view_is_three_small_reads(
    views: ViewRepository, publish: Callable[[], str], own_client: "DynamoDBClient"
) -> None:
    post = publish()
    views.track(POSTS, post, "a")
    calls = record(own_client)
    views.track(POSTS, post, "a")
    assert [name for name, _ in calls] == ["BatchGetItem", "Query", "GetItem"]
    (keys,) = [table["Keys"] for table in calls[0][1]["RequestItems"].values()]
    assert {"S": "item"} not in [key["SK"] for key in keys]


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_answer_counts_once(
    views: ViewRepository, publish: Callable[[], str], own_client: "DynamoDBClient", lost: int
) -> None:
    post = publish()
    # Of each transaction, or of the first one alone.
    calls = lose_answers(own_client, "TransactWriteItems", each=2, times=lost)
    assert views.track(POSTS, post, "a") == (1, True)
    assert calls["TransactWriteItems"] == 2 + lost
    assert views.count(POSTS, post) == views.total() == 1


def test_a_conflict_is_tried_again_but_not_for_ever(
    views: ViewRepository, publish: Callable[[], str], own_client: "DynamoDBClient"
) -> None:
    post = publish()
    calls = refuse(own_client, "TransactWriteItems", CONFLICT, times=2)
    assert views.track(POSTS, post, "a") == (1, True)
    assert calls["TransactWriteItems"] == 4
    refuse(own_client, "TransactWriteItems", CONFLICT, times=100)
    with pytest.raises(ServiceUnavailableError):
        views.track(POSTS, post, "b")


@pytest.mark.parametrize("session", ["a", "b"])
def test_the_next_view_catches_up_with_one_that_was_cut_off(
    views: ViewRepository,
    publish: Callable[[], str],
    own_client: "DynamoDBClient",
    others: ViewRepository,
    session: str,
) -> None:
    post = publish()
    before_each(own_client, "TransactWriteItems", [lambda: None, cut_off])
    with pytest.raises(CutOffError):
        views.track(POSTS, post, "a")
    expected = {"a": (1, False), "b": (2, True)}[session]
    assert others.track(POSTS, post, session) == expected
    assert views.count(POSTS, post) == views.total() == expected[0]
    assert views.count_each(POSTS) == {post: expected[0]}


def test_a_view_stores_the_views_of_others_too(
    views: ViewRepository,
    publish: Callable[[], str],
    own_client: "DynamoDBClient",
    others: ViewRepository,
) -> None:
    post = publish()
    steps = [lambda: None, lambda: others.track(POSTS, post, "b")]
    before_each(own_client, "TransactWriteItems", steps)
    calls = record(own_client)
    assert views.track(POSTS, post, "a") == (2, True)
    # The second transaction of ours failed, and needed no repetition.
    assert [name for name, _ in calls].count("TransactWriteItems") == 2
    assert views.count(POSTS, post) == views.total() == 2


def test_two_hundred_views_at_once_of_fifty_sessions(
    views: ViewRepository, publish: Callable[[], str]
) -> None:
    post = publish()

    def track(session: str) -> View:
        return views.track(POSTS, post, session)

    with ThreadPoolExecutor(16) as pool:
        tracked = list(pool.map(track, [f"session {number % 50}" for number in range(200)]))

    assert sum(view.tracked for view in tracked) == 50
    assert views.count(POSTS, post) == views.total() == 50
