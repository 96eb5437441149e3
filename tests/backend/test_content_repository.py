import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from src.models.content import Facet, ListQuery, StatusFilter
from src.models.post import Post, PostQuery
from src.repositories.content import ContentRepository
from src.repositories.content_index import BUCKETS, counts_key
from src.repositories.content_lists import Matches
from src.repositories.posts import POSTS
from src.repositories.table import TRANSACTION_ACTIONS, Table
from src.utils.errors import NotFoundError
from tests.backend.content_checks import (
    SteppingClock,
    assert_consistent,
    clear_table,
    post_input,
    post_update,
    read_table,
)
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import before_each, record, refuse, reverse_answers

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

type Posts = ContentRepository[Post]


@pytest.fixture
def posts(own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str) -> Posts:
    clear_table(dynamodb, table_name)
    return ContentRepository(POSTS, Table(own_client, table_name), SteppingClock())


def titles(posts: Posts, query: ListQuery) -> list[str]:
    return [post.title for post in posts.find(query).items]


def publish_all(posts: Posts, *fields: dict[str, Any]) -> list[Post]:
    return [posts.publish(posts.create(post_input(**each)).id) for each in fields]


def tags_in_every_bucket(prefix: str) -> list[str]:
    """Twenty tags, counted in all the buckets."""
    by_bucket = {counts_key(POSTS, Facet("tag", tag)): tag for tag in many_tags(prefix)}
    assert len(by_bucket) == BUCKETS
    others = [tag for tag in many_tags(prefix) if tag not in by_bucket.values()]
    return [*by_bucket.values(), *others][:20]


def many_tags(prefix: str) -> list[str]:
    return [f"{prefix} {number}" for number in range(1000)]


def test_a_created_item_can_be_read(posts: Posts) -> None:
    created = posts.create(post_input())

    assert posts.get(created.id, drafts=lambda: True) == created
    assert created.created_at.microsecond == 123456


@pytest.mark.parametrize(
    "content_id",
    [
        "",
        "counts",
        "slug#serverless-on-a-budget",
        "x" * 5000,
        "6F1C0F7A-5B0E-4C7C-9A53-0B8D0E6B7C11",
        "6f1c0f7a5b0e4c7c9a530b8d0e6b7c11",
        "edd2b89a-e752-11f1-939d-02fc00000001",
        "{6f1c0f7a-5b0e-4c7c-9a53-0b8d0e6b7c11}",
    ],
)
def test_an_id_that_cannot_exist_is_not_looked_up(
    posts: Posts, own_client: "DynamoDBClient", content_id: str
) -> None:
    calls = record(own_client)

    with pytest.raises(NotFoundError):
        posts.get(content_id, drafts=lambda: True)
    with pytest.raises(NotFoundError):
        posts.edit(content_id, post_update(title="New"))
    with pytest.raises(NotFoundError):
        posts.delete(content_id)
    assert calls == []


def test_a_post_is_read_by_its_slug(posts: Posts) -> None:
    draft = posts.create(post_input(title="Hello"))
    other = posts.create(post_input(title="Hello"))

    assert posts.get_by_slug("hello", drafts=lambda: True) == draft
    assert posts.get_by_slug(other.slug, drafts=lambda: True) == other
    with pytest.raises(NotFoundError) as hidden:
        posts.get_by_slug("hello", drafts=lambda: False)
    published = posts.publish(draft.id)
    assert posts.get_by_slug("hello", drafts=lambda: False) == published
    posts.delete(draft.id)
    with pytest.raises(NotFoundError) as gone:
        posts.get_by_slug("hello", drafts=lambda: False)
    # A stranger cannot tell a draft from an unknown slug.
    assert str(hidden.value) == str(gone.value)


@pytest.mark.parametrize("slug", ["", "Hello", "hello#x", "a b", "é", "x" * 5000, "hello\n"])
def test_a_slug_that_cannot_exist_is_not_looked_up(
    posts: Posts, own_client: "DynamoDBClient", slug: str
) -> None:
    calls = record(own_client)

    with pytest.raises(NotFoundError):
        posts.get_by_slug(slug, drafts=lambda: True)
    assert calls == []


def test_nothing_of_a_deleted_item_stays_behind_but_a_mark_for_a_day(
    posts: Posts, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    [post] = publish_all(posts, {"tags": [f"tag {number}" for number in range(20)]})

    posts.delete(post.id)

    stored = read_table(dynamodb, table_name)
    mark = stored.pop(("views#post", post.id))
    assert mark.keys() == {"expiresAt"}
    assert 0 < int(mark["expiresAt"]) - time.time() <= 24 * 3600 + 1
    assert {number for item in stored.values() for number in item.values()} == {0}
    assert {name for item in stored.values() for name in item} == {
        "DRAFT",
        "PUBLISHED",
    }
    with pytest.raises(NotFoundError):
        posts.delete(post.id)


def test_a_tag_nobody_uses_any_more_is_not_counted_for_ever(
    posts: Posts, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    kept, edited = publish_all(posts, {"tags": ["a", "b"]}, {"tags": ["a", "c"], "category": "X"})

    posts.edit(edited.id, post_update(tags=["d"], category="Cloud"))

    numbers = {
        name: int(number)
        for (partition, _), item in read_table(dynamodb, table_name).items()
        if partition == "post#counts"
        for name, number in item.items()
        if number
    }
    assert numbers == {
        "PUBLISHED": 2,
        "PUBLISHED#Cloud": 2,
        "PUBLISHED#a": 1,
        "PUBLISHED#b": 1,
        "PUBLISHED#d": 1,
    }
    names = {name for item in read_table(dynamodb, table_name).values() for name in item}
    assert not names & {"PUBLISHED#c", "DRAFT#c", "PUBLISHED#X", "DRAFT#X"}
    assert posts.get(kept.id, drafts=lambda: False) == kept


def test_a_count_that_rises_while_it_is_pruned_is_kept(
    posts: Posts, own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    others = ContentRepository(POSTS, Table(dynamodb, table_name))
    [post] = publish_all(posts, {"tags": ["rare"]})
    before_each(own_client, "UpdateItem", [lambda: others.create(post_input(tags=["rare"]))])

    posts.delete(post.id)

    assert posts.find(PostQuery(tag="rare", status=StatusFilter.DRAFT)).total == 1
    assert_consistent(dynamodb, table_name)


@pytest.mark.parametrize("operation", ["BatchGetItem", "UpdateItem"])
def test_a_change_holds_even_if_the_tidying_up_after_it_fails(
    posts: Posts,
    own_client: "DynamoDBClient",
    dynamodb: "DynamoDBClient",
    table_name: str,
    operation: str,
) -> None:
    [post] = publish_all(posts, {"tags": ["rare"]})
    throttled = {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": ""}
    calls = refuse(own_client, operation, throttled, times=99)

    assert posts.edit(post.id, post_update(tags=["common"])).tags == ["common"]

    assert calls[operation]
    assert_consistent(dynamodb, table_name)


def test_the_largest_change_fits_into_a_transaction(
    posts: Posts, own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    before, after = tags_in_every_bucket("old"), tags_in_every_bucket("new")
    [post] = publish_all(posts, {"tags": before, "category": "Old"})
    calls = record(own_client)

    posts.edit(post.id, post_update(tags=after, category="Newer"))
    posts.unpublish(post.id)
    posts.publish(post.id)

    sizes = [len(params["TransactItems"]) for name, params in calls if name == "TransactWriteItems"]
    assert sizes == [1 + 21 + 22 + 2 + 2 + 16, 1 + 22 + 23 + 2 + 18, 1 + 22 + 23 + 2 + 18]
    assert max(sizes) <= TRANSACTION_ACTIONS
    assert_consistent(dynamodb, table_name)


def test_the_largest_post_can_be_stored_and_listed(posts: Posts) -> None:
    largest = {
        "title": "😀" * 200,
        "excerpt": "😀" * 500,
        "content": "é" * 150_000,
        "category": "😀" * 100,
        "tags": [f"{'😀' * 48}{number:02}" for number in range(20)],
    }
    [post] = publish_all(posts, largest)

    assert posts.find(PostQuery(category="😀" * 100, tag=largest["tags"][0])).items == [post]


def test_posts_are_listed_by_publication_newest_first(
    own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    clear_table(dynamodb, table_name)
    clock = SteppingClock(step=timedelta(microseconds=1))
    posts = ContentRepository(POSTS, Table(own_client, table_name), clock)
    drafts = [posts.create(post_input(title=title)) for title in ("1", "2", "3", "4")]
    for draft in (drafts[3], drafts[1]):
        posts.publish(draft.id)
    clock.now += timedelta(days=1)
    for draft in (drafts[0], drafts[2]):
        posts.publish(draft.id)
    posts.edit(drafts[1].id, post_update(excerpt="Edited"))

    assert titles(posts, PostQuery()) == ["3", "1", "2", "4"]
    assert titles(posts, PostQuery(category="Cloud")) == ["3", "1", "2", "4"]
    assert titles(posts, PostQuery(status=StatusFilter.ALL)) == ["2", "3", "1", "4"]
    assert titles(posts, PostQuery(status=StatusFilter.ALL, tag="aws")) == ["2", "3", "1", "4"]


def test_a_filter_matches_exactly_or_not_at_all(posts: Posts) -> None:
    publish_all(posts, {"category": "Cloud", "tags": ["a"]})

    for value in ("", "#", "a#b", "PUBLISHED", "x" * 3000, "A", "\u0000", "Cloud.", "cloud"):
        for query in (
            PostQuery(category=value),
            PostQuery(tag=value),
            PostQuery(tag=value, category="Cloud"),
            PostQuery(tag=value, status=StatusFilter.ALL),
        ):
            assert posts.find(query) == Matches([], 0), query


def test_pages_make_up_the_list(posts: Posts) -> None:
    publish_all(posts, *({"title": str(number)} for number in range(7)))
    pages = {(3, 0): "654", (3, 3): "321", (3, 6): "0", (3, 7): "", (100, 10**40): ""}

    for query in (
        PostQuery(),
        PostQuery(tag="aws"),
        PostQuery(tag="aws", category="Cloud"),
        PostQuery(status=StatusFilter.ALL),
        PostQuery(status=StatusFilter.ALL, tag="aws"),
    ):
        for (limit, offset), expected in pages.items():
            found = posts.find(query.model_copy(update={"limit": limit, "offset": offset}))
            assert ("".join(post.title for post in found.items), found.total) == (expected, 7)


def test_a_page_keeps_the_order_of_its_list(posts: Posts, own_client: "DynamoDBClient") -> None:
    published = publish_all(posts, {}, {}, {})
    reverse_answers(own_client)

    assert posts.find(PostQuery()).items == published[::-1]


def test_a_page_leaves_out_items_deleted_or_hidden_meanwhile(
    posts: Posts, own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    others = ContentRepository(POSTS, Table(dynamodb, table_name))
    gone, hidden, kept = publish_all(posts, *({"title": title} for title in "123"))

    def interfere() -> None:
        others.delete(gone.id)
        others.unpublish(hidden.id)

    before_each(own_client, "BatchGetItem", [interfere])

    assert posts.find(PostQuery()).items == [kept]


def test_an_item_published_between_two_reads_is_listed_once(
    posts: Posts, own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    others = ContentRepository(POSTS, Table(dynamodb, table_name))
    post = posts.create(post_input())
    before_each(own_client, "Query", [lambda: None, lambda: others.publish(post.id)])

    found = posts.find(PostQuery(status=StatusFilter.ALL, tag="aws"))

    assert ([each.id for each in found.items], found.total) == ([post.id], 1)


def test_an_edit_that_sends_nothing_writes_nothing(
    posts: Posts, own_client: "DynamoDBClient"
) -> None:
    post = posts.create(post_input())
    calls = record(own_client)

    assert posts.edit(post.id, post_update()) == post
    assert posts.unpublish(post.id) == post
    assert [name for name, _ in calls] == ["GetItem", "GetItem"]


def test_an_edit_removes_only_the_entries_that_move(
    posts: Posts, own_client: "DynamoDBClient"
) -> None:
    [post] = publish_all(posts, {"tags": ["a", "b"]})
    calls = record(own_client)

    posts.edit(post.id, post_update(tags=["b", "c"]))

    [actions] = [params["TransactItems"] for name, params in calls if name == "TransactWriteItems"]
    deleted = {action["Delete"]["Key"]["PK"]["S"] for action in actions if "Delete" in action}
    assert deleted == {"post#list#all", "post#list#published#tag#a"}


def test_a_list_takes_a_fixed_number_of_calls(posts: Posts, own_client: "DynamoDBClient") -> None:
    publish_all(posts, {}, {})
    calls = record(own_client)

    for query, operations in (
        (PostQuery(), ["GetItem", "Query", "BatchGetItem"]),
        (PostQuery(tag="aws"), ["GetItem", "Query", "BatchGetItem"]),
        (PostQuery(offset=5), ["GetItem"]),
        (PostQuery(tag="none"), ["GetItem"]),
        (PostQuery(tag="aws", category="Cloud"), ["BatchGetItem", "Query", "BatchGetItem"]),
        (PostQuery(tag="aws", category="none"), ["BatchGetItem"]),
    ):
        calls.clear()
        posts.find(query)

        assert [name for name, _ in calls] == operations, query
        limits = [params.get("Limit") for name, params in calls if name == "Query"]
        assert limits in ([], [100], [None])


def test_of_two_filters_the_narrower_is_read(posts: Posts, own_client: "DynamoDBClient") -> None:
    publish_all(posts, {"tags": ["rare", "aws"]}, {}, {})
    calls = record(own_client)

    posts.find(PostQuery(category="Cloud", tag="rare"))

    [values] = [params["ExpressionAttributeValues"] for name, params in calls if name == "Query"]
    assert values == {":partition": {"S": f"post#list#published#{Facet('tag', 'rare')}"}}
