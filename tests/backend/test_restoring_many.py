"""Many items are read, and stored as if one by one, with fewer requests."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from src.models.post import Post
from src.models.project import Project, ProjectCreate
from src.repositories.content import ContentRepository
from src.repositories.new_content import MOST_AT_ONCE, ItemWithViews, restore_new
from src.repositories.posts import POSTS
from src.repositories.projects import PROJECTS
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from tests.backend.content_checks import (
    assert_consistent,
    clear_table,
    post_input,
    read_table,
)
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import record

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

NOW = datetime(2026, 1, 3, 12, 0, 0, 123456, UTC)


@pytest.fixture
def table(own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str) -> Table:
    clear_table(dynamodb, table_name)
    return Table(own_client, table_name)


def post(number: int, **changes: Any) -> Post:
    """Return a post; every third one is a draft."""
    created = NOW - timedelta(days=number)
    draft = Post.draft(str(UUID(int=number, version=4)), post_input(), created)
    chosen = draft if number % 3 == 0 else draft.publish(created)
    return chosen.model_copy(update={"slug": f"post-{number}", "tags": [f"t{number}"], **changes})


def store_all(table: Table, items: list[ItemWithViews]) -> int:
    """Store all items and return the number of transactions."""
    transactions = 0
    while items:
        stored = restore_new(table, POSTS, items)
        assert stored
        items, transactions = items[stored:], transactions + 1
    return transactions


def test_many_items_are_stored_like_single_ones(
    table: Table, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    items = [(post(number), number % 4) for number in range(1, 14)]
    for item, views in items:
        ContentRepository(POSTS, table).restore(item)
        ViewRepository(table).restore(POSTS, item.id, views)
    expected = read_table(dynamodb, table_name)
    clear_table(dynamodb, table_name)

    assert store_all(table, [ItemWithViews(*each) for each in items]) == 2
    assert read_table(dynamodb, table_name) == expected
    assert_consistent(dynamodb, table_name)


def test_the_largest_items_fit_into_a_transaction(
    table: Table, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    picture = "data:image/png;base64,"
    fields = ProjectCreate.model_validate(
        {
            "name": 200 * "😀",
            "description": 500 * "😀",
            "longDescription": 100_000 * "x",
            "imageUrl": picture + (250_000 - len(picture)) // 4 * "AAAA",
            "liveUrl": f"https://example.com/{1_980 * 'x'}",
        }
    )
    items = [
        ItemWithViews(Project.draft(str(UUID(int=number, version=4)), fields, NOW), 0)
        for number in range(12)
    ]

    assert restore_new(table, PROJECTS, items) == MOST_AT_ONCE
    assert_consistent(dynamodb, table_name, PROJECTS)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(post(1, slug="another"), id="the item"),
        pytest.param(post(9, slug="post-2"), id="the slug"),
    ],
)
def test_nothing_is_stored_if_something_exists(
    table: Table, dynamodb: "DynamoDBClient", table_name: str, other: Post
) -> None:
    ContentRepository(POSTS, table).restore(other)
    before = read_table(dynamodb, table_name)

    assert restore_new(table, POSTS, [ItemWithViews(post(n), 1) for n in (1, 2)]) == 0
    assert read_table(dynamodb, table_name) == before


def test_an_item_deleted_a_moment_ago_is_not_stored(table: Table) -> None:
    posts = ContentRepository(POSTS, table)
    posts.restore(post(1))
    posts.delete(post(1).id)
    assert restore_new(table, POSTS, [ItemWithViews(post(1), 1)]) == 0


def test_all_items_are_read_with_their_drafts_in_the_order_of_the_ids(
    table: Table, own_client: "DynamoDBClient"
) -> None:
    items = [post(number) for number in range(1, 104)]
    store_all(table, [ItemWithViews(item, 0) for item in reversed(items)])
    posts = ContentRepository(POSTS, table)

    assert posts.ids() == [item.id for item in items]
    ids = [*posts.ids(), str(UUID(int=999, version=4))]
    requests = record(own_client)
    assert list(posts.read_many(ids)) == items
    assert [operation for operation, _ in requests] == ["BatchGetItem", "BatchGetItem"]


def test_a_month_without_visits_is_stored_in_one_request(
    table: Table, own_client: "DynamoDBClient"
) -> None:
    visitors = VisitorRepository(table, lambda: NOW)
    days = {date(2025, 12, 31): 4, date(2025, 12, 1): 2}

    requests = record(own_client)
    assert visitors.restore_new_month(days)
    assert len(requests) == 2
    assert not visitors.restore_new_month({date(2025, 12, 2): 1})
    visitors.restore(date(2026, 1, 1), 7)
    visitors.restore(date(2026, 1, 2), 7)
    visitors.restore(date(2026, 1, 2), 0)
    assert list(visitors.counted_days().items()) == [
        (date(2025, 12, 1), 2),
        (date(2025, 12, 31), 4),
        (date(2026, 1, 1), 7),
    ]
