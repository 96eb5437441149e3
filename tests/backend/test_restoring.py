"""Items and counts are restored as they were: ids, slugs, times and numbers."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from src.models.content import ListQuery, Status
from src.models.post import Post
from src.models.project import Project, ProjectCreate
from src.repositories.content import ContentRepository, Restored, SlugTakenError
from src.repositories.posts import POSTS
from src.repositories.projects import PROJECTS
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from src.utils.errors import NotFoundError, ServiceUnavailableError
from tests.backend.content_checks import (
    SteppingClock,
    assert_consistent,
    clear_table,
    post_input,
    post_update,
    read_table,
)
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import before_each, cancelled, record, refuse

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

NOW = datetime(2025, 12, 30, 9, 15, 0, 123456, UTC)
ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
DAY = date(2026, 1, 2)

type Posts = ContentRepository[Post]


@pytest.fixture
def table(own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str) -> Table:
    clear_table(dynamodb, table_name)
    return Table(own_client, table_name)


@pytest.fixture
def posts(table: Table) -> Posts:
    return ContentRepository(POSTS, table, SteppingClock())


@pytest.fixture
def views(table: Table) -> ViewRepository:
    return ViewRepository(table)


@pytest.fixture
def visitors(table: Table) -> VisitorRepository:
    return VisitorRepository(table, lambda: datetime(2026, 1, 3, 12, tzinfo=UTC))


def published(content_id: str = ID, **changes: Any) -> Post:
    """Return a complete post with a slug of its own."""
    post = Post.draft(content_id, post_input(), NOW - timedelta(days=9)).publish(NOW)
    return post.model_copy(update={"slug": "a-made-up-post", **changes})


def test_an_item_keeps_everything_it_had(
    posts: Posts, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    post = published()

    assert posts.restore(post) is Restored.CREATED
    assert posts.get(ID, drafts=lambda: False) == post
    assert posts.get_by_slug("a-made-up-post", drafts=lambda: False) == post
    assert posts.find(ListQuery()).items == [post]
    assert_consistent(dynamodb, table_name)


def test_an_equal_item_is_left_alone(
    posts: Posts, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    posts.restore(published())
    before = read_table(dynamodb, table_name)

    assert posts.restore(published()) is Restored.UNCHANGED
    assert read_table(dynamodb, table_name) == before


def test_another_state_is_replaced_with_its_slug_lists_and_counts(
    posts: Posts, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    posts.restore(published())
    draft = published(slug="another", status=Status.DRAFT, published_at=None, tags=["go"])

    assert posts.restore(draft) is Restored.REPLACED
    assert posts.get_by_slug("another", drafts=lambda: True) == draft
    with pytest.raises(NotFoundError):
        posts.get_by_slug("a-made-up-post", drafts=lambda: True)
    assert_consistent(dynamodb, table_name)
    assert posts.restore(published(OTHER)) is Restored.CREATED
    assert_consistent(dynamodb, table_name)


@pytest.mark.parametrize("is_new", [True, False])
def test_a_slug_taken_by_another_item_is_refused(
    posts: Posts, dynamodb: "DynamoDBClient", table_name: str, *, is_new: bool
) -> None:
    posts.restore(published())
    if not is_new:
        posts.restore(published(OTHER, slug="another"))
    before = read_table(dynamodb, table_name)

    with pytest.raises(SlugTakenError, match=OTHER):
        posts.restore(published(OTHER))
    assert read_table(dynamodb, table_name) == before


@pytest.mark.parametrize("changes", [{"content_id": "1"}, {"slug": "été"}, {"slug": ""}])
def test_an_item_nobody_could_read_is_refused(posts: Posts, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is not"):
        posts.restore(published(**changes))


def test_an_item_without_a_slug_is_restored_too(
    table: Table, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    projects = ContentRepository(PROJECTS, table)
    fields = ProjectCreate.model_validate({"name": "API", "description": "One line."})
    project = Project.draft(ID, fields, NOW)

    assert projects.restore(project) is Restored.CREATED
    assert projects.restore(project.publish(NOW)) is Restored.REPLACED
    assert projects.find(ListQuery()).items == [project.publish(NOW)]
    assert_consistent(dynamodb, table_name, PROJECTS)


def test_an_edit_at_the_same_time_does_not_mix_with_the_restored_item(
    posts: Posts, own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    posts.restore(published())
    others = ContentRepository(POSTS, Table(dynamodb, table_name), SteppingClock())
    edit = post_update(tags=["go"])
    before_each(own_client, "TransactWriteItems", [lambda: others.edit(ID, edit)])

    assert posts.restore(published(title="New")) is Restored.REPLACED
    assert posts.get(ID, drafts=lambda: True) == published(title="New")
    assert_consistent(dynamodb, table_name)


def test_a_restored_item_counts_views_again_at_once(posts: Posts, views: ViewRepository) -> None:
    posts.restore(published())
    views.track(POSTS, ID, "a")
    posts.delete(ID)
    with pytest.raises(NotFoundError):
        views.restore(POSTS, ID, 42)

    posts.restore(published())

    assert views.restore(POSTS, ID, 42)
    assert views.track(POSTS, ID, "b") == (43, True)


def test_views_are_set_and_the_total_follows(posts: Posts, views: ViewRepository) -> None:
    posts.restore(published())
    posts.restore(published(OTHER, slug="another"))
    for session in "abcdefgh":
        views.track(POSTS, ID, session)

    assert views.restore(POSTS, ID, 42)
    assert not views.restore(POSTS, ID, 42)
    assert views.restore(POSTS, OTHER, 1)
    assert (views.count(POSTS, ID), views.total()) == (42, 43)
    assert views.most_viewed(POSTS, 2) == [(ID, 42), (OTHER, 1)]
    assert views.track(POSTS, ID, "i") == (43, True)
    assert views.restore(POSTS, ID, 0)
    assert not views.restore(POSTS, ID, 0)
    assert (views.count_each(POSTS), views.total()) == ({OTHER: 1}, 1)
    assert views.track(POSTS, ID, "j") == (1, True)


def test_a_view_at_the_same_time_is_counted_before_the_views_are_set(
    posts: Posts,
    views: ViewRepository,
    own_client: "DynamoDBClient",
    dynamodb: "DynamoDBClient",
    table_name: str,
) -> None:
    posts.restore(published())
    views.track(POSTS, ID, "a")
    others = ViewRepository(Table(dynamodb, table_name))
    before_each(own_client, "TransactWriteItems", [lambda: others.track(POSTS, ID, "b")])

    assert views.restore(POSTS, ID, 42)
    assert (views.count(POSTS, ID), views.total()) == (42, 42)


def test_visits_of_a_day_are_set(visitors: VisitorRepository) -> None:
    assert visitors.restore(DAY, 17)
    assert not visitors.restore(DAY, 17)
    for session in "abcdefgh":
        visitors.track(session)
    assert visitors.daily(2) == [(DAY, 17), (date(2026, 1, 3), 8)]
    assert visitors.restore(date(2026, 1, 3), 2)
    assert visitors.daily(2) == [(DAY, 17), (date(2026, 1, 3), 2)]
    assert visitors.restore(DAY, 0)
    assert visitors.monthly(1) == [(date(2026, 1, 1), 2)]


def test_visits_of_all_time_are_set_with_the_last_one(visitors: VisitorRepository) -> None:
    last = datetime(2026, 1, 2, 8, 0, 0, 5, tzinfo=UTC)
    assert visitors.restore_total(1234)
    assert visitors.count() == (1234, None)
    assert visitors.restore_total(1234, last)
    assert not visitors.restore_total(1234, last)
    assert not visitors.restore_total(1234)
    assert visitors.count() == (1234, last.replace(microsecond=0))
    for session in "abcdefgh":
        visitors.track(session)
    assert visitors.count() == (1242, datetime(2026, 1, 3, 12, tzinfo=UTC))
    assert visitors.restore_total(5, last)
    assert visitors.count() == (5, last.replace(microsecond=0))


@pytest.mark.parametrize("is_new", [True, False])
def test_a_change_at_the_same_time_does_not_add_up_with_the_visits_that_are_set(
    visitors: VisitorRepository,
    own_client: "DynamoDBClient",
    dynamodb: "DynamoDBClient",
    table_name: str,
    *,
    is_new: bool,
) -> None:
    others = VisitorRepository(Table(dynamodb, table_name))
    if not is_new:
        visitors.restore(DAY, 1)
    before_each(own_client, "TransactWriteItems", [lambda: others.restore(DAY, 9)])

    assert visitors.restore(DAY, 17)
    assert visitors.daily(2)[0] == (DAY, 17)


def test_counts_that_conflict_all_the_time_are_refused(
    posts: Posts, views: ViewRepository, visitors: VisitorRepository, own_client: "DynamoDBClient"
) -> None:
    posts.restore(published())
    calls = record(own_client)
    refuse(own_client, "TransactWriteItems", cancelled("TransactionConflict"), 1000)

    with pytest.raises(ServiceUnavailableError):
        posts.restore(published(title="New"))
    with pytest.raises(ServiceUnavailableError):
        views.restore(POSTS, ID, 1)
    with pytest.raises(ServiceUnavailableError):
        visitors.restore(DAY, 1)
    with pytest.raises(ServiceUnavailableError):
        visitors.restore_total(1)
    assert [operation for operation, _ in calls].count("TransactWriteItems") == 4 * 8
