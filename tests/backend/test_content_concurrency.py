"""Writes of several owners at once, and DynamoDB's answers to conflicts."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from src.models.content import StatusFilter
from src.models.post import Post, PostQuery
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Table
from src.utils.errors import NotFoundError, ServiceUnavailableError
from tests.backend.content_checks import assert_consistent, clear_table, post_input, post_update
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import before_each, cancelled, refuse

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

type Posts = ContentRepository[Post]

ATTEMPTS = 8


@pytest.fixture(autouse=True)
def consistency(dynamodb: "DynamoDBClient", table_name: str) -> Iterator[None]:
    """Check after each test that items, entries and counts agree."""
    clear_table(dynamodb, table_name)
    yield
    assert_consistent(dynamodb, table_name)


@pytest.fixture
def others(dynamodb: "DynamoDBClient", table_name: str) -> Posts:
    return ContentRepository(POSTS, Table(dynamodb, table_name))


@pytest.fixture
def posts(own_client: "DynamoDBClient", table_name: str) -> Posts:
    return ContentRepository(POSTS, Table(own_client, table_name))


def at_once(*calls: Callable[[], object]) -> None:
    with ThreadPoolExecutor(len(calls)) as pool:
        for future in [pool.submit(call) for call in calls]:
            future.result()


def test_edits_of_different_fields_both_hold(posts: Posts, others: Posts) -> None:
    post = others.create(post_input())

    for number in range(10):
        at_once(
            lambda n=number: posts.edit(post.id, post_update(title=f"Title {n}")),
            lambda n=number: others.edit(post.id, post_update(category=f"Category {n}")),
        )
        edited = others.get(post.id, drafts=lambda: True)
        assert (edited.title, edited.category) == (f"Title {number}", f"Category {number}")


def test_an_edit_between_our_read_and_our_write_is_kept(
    posts: Posts, others: Posts, own_client: "DynamoDBClient"
) -> None:
    post = others.create(post_input())
    interference = [
        lambda: others.edit(post.id, post_update(category="Theirs", tags=["theirs"])),
        lambda: others.publish(post.id),
    ]
    before_each(own_client, "TransactWriteItems", interference)

    edited = posts.edit(post.id, post_update(title="Ours"))

    assert (edited.title, edited.category, edited.tags) == ("Ours", "Theirs", ["theirs"])
    assert others.get(post.id, drafts=lambda: False) == edited


def test_publishing_and_editing_at_once_agree(posts: Posts, others: Posts) -> None:
    created = [others.create(post_input(tags=["a", "b"])) for _ in range(10)]

    for post in created:
        at_once(
            lambda p=post: posts.publish(p.id),
            lambda p=post: others.edit(p.id, post_update(tags=["b", "c"], category="New")),
        )

    assert others.find(PostQuery(tag="c", category="New")).total == len(created)
    assert others.find(PostQuery(tag="a", status=StatusFilter.ALL)).total == 0


def test_posts_of_one_title_created_at_once_have_different_slugs(
    posts: Posts, others: Posts
) -> None:
    at_once(*[lambda p=each: p.create(post_input()) for each in [posts, others] * 5])

    slugs = {post.slug for post in others.find(PostQuery(status=StatusFilter.ALL)).items}
    assert len(slugs) == 10
    assert "serverless-on-a-budget" in slugs


def test_an_item_deleted_meanwhile_stays_deleted(
    posts: Posts, others: Posts, own_client: "DynamoDBClient"
) -> None:
    post = others.create(post_input())
    before_each(own_client, "TransactWriteItems", [lambda: others.delete(post.id)])

    with pytest.raises(NotFoundError):
        posts.edit(post.id, post_update(title="Too late"))


def test_a_deletion_holds_against_an_edit_made_meanwhile(
    posts: Posts, others: Posts, own_client: "DynamoDBClient"
) -> None:
    post = others.create(post_input())
    before_each(
        own_client, "TransactWriteItems", [lambda: others.edit(post.id, post_update(tags=["new"]))]
    )

    posts.delete(post.id)

    assert others.find(PostQuery(status=StatusFilter.ALL)).total == 0


@pytest.mark.parametrize("conflicts", [1, ATTEMPTS - 1])
def test_a_conflict_is_tried_again(
    posts: Posts, own_client: "DynamoDBClient", conflicts: int
) -> None:
    refused = cancelled("None", "TransactionConflict")
    calls = refuse(own_client, "TransactWriteItems", refused, times=conflicts)

    created = posts.create(post_input())

    assert posts.get(created.id, drafts=lambda: True) == created
    assert created.slug == "serverless-on-a-budget"
    assert calls["TransactWriteItems"] == conflicts + 1


@pytest.mark.parametrize("operation", ["create", "edit", "publish", "delete"])
def test_conflicts_without_end_are_service_unavailable(
    posts: Posts, others: Posts, own_client: "DynamoDBClient", operation: str
) -> None:
    post = others.create(post_input())
    refused = cancelled("TransactionConflict")
    calls = refuse(own_client, "TransactWriteItems", refused, times=ATTEMPTS)
    operations: dict[str, Callable[[], object]] = {
        "create": lambda: posts.create(post_input()),
        "edit": lambda: posts.edit(post.id, post_update(title="New")),
        "publish": lambda: posts.publish(post.id),
        "delete": lambda: posts.delete(post.id),
    }

    with pytest.raises(ServiceUnavailableError, match="try again"):
        operations[operation]()
    assert calls["TransactWriteItems"] == ATTEMPTS
    assert others.get(post.id, drafts=lambda: True) == post


def test_a_conflict_counts_nothing_twice(
    posts: Posts, others: Posts, own_client: "DynamoDBClient"
) -> None:
    post = others.create(post_input())
    refuse(own_client, "TransactWriteItems", cancelled("TransactionConflict"), times=3)

    posts.publish(post.id)

    assert others.find(PostQuery()).total == 1
