"""Random sequences of operations give what a plain list of posts in memory would."""

import random
from typing import TYPE_CHECKING, Any

import pytest

from src.models.content import Status, StatusFilter
from src.models.post import Post, PostQuery, PostUpdate
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Table
from tests.backend.content_checks import SteppingClock, assert_consistent, clear_table, post_input

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

CATEGORIES = ["Cloud", "cloud", "a#b"]
TAGS = ["x", "y", "z", "y#z", "é"]


class Sequence:
    """The same random operations on the table and on a dictionary."""

    def __init__(self, posts: ContentRepository[Post], seed: int) -> None:
        self.posts = posts
        self.expected: dict[str, Post] = {}
        self.choose = random.Random(seed)  # noqa: S311 - no secret: a test to repeat

    def step(self) -> None:
        operations = [self.create, self.create, self.edit, self.edit, self.publish, self.publish]
        self.choose.choice([*operations, self.unpublish, self.delete, self.find, self.find])()

    def fields(self) -> dict[str, Any]:
        return {
            "category": self.choose.choice(CATEGORIES),
            "tags": self.choose.sample(TAGS, self.choose.randint(1, len(TAGS))),
        }

    def some_id(self) -> str | None:
        return self.choose.choice(list(self.expected)) if self.expected else None

    def create(self) -> None:
        post = self.posts.create(post_input(**self.fields()))
        self.expected[post.id] = post

    def edit(self) -> None:
        if content_id := self.some_id():
            fields = self.fields()
            sent = {name: fields[name] for name in fields if self.choose.random() < 0.6}
            before = self.expected[content_id]
            after = self.posts.edit(content_id, PostUpdate.model_validate(sent))
            moment = {"updated_at": after.updated_at} if sent else {}
            assert after == before.model_copy(update=sent | moment)
            self.expected[content_id] = after

    def publish(self) -> None:
        if content_id := self.some_id():
            self.expected[content_id] = self.posts.publish(content_id)
            assert self.expected[content_id].status is Status.PUBLISHED

    def unpublish(self) -> None:
        if content_id := self.some_id():
            self.expected[content_id] = self.posts.unpublish(content_id)
            assert self.expected[content_id].status is Status.DRAFT

    def delete(self) -> None:
        if content_id := self.some_id():
            self.posts.delete(content_id)
            del self.expected[content_id]

    def find(self) -> None:
        query = PostQuery(
            status=self.choose.choice(list(StatusFilter)),
            category=self.choose.choice([None, *CATEGORIES]),
            tag=self.choose.choice([None, *TAGS]),
            limit=self.choose.randint(1, 5),
            offset=self.choose.randint(0, 5),
        )
        matching = self.matching(query)
        found = self.posts.find(query)
        assert found.total == len(matching)
        assert found.items == matching[query.offset : query.offset + query.limit]

    def matching(self, query: PostQuery) -> list[Post]:
        matching = [
            post
            for post in self.expected.values()
            if query.status in {StatusFilter.ALL, post.status}
            and query.category in {None, post.category}
            and (query.tag is None or query.tag in post.tags)
        ]
        if query.status is StatusFilter.PUBLISHED:
            return sorted(matching, key=lambda post: (str(post.published_at), post.created_at))[
                ::-1
            ]
        return sorted(matching, key=lambda post: post.updated_at)[::-1]

    def check_categories(self) -> None:
        published = [post for post in self.expected.values() if post.status is Status.PUBLISHED]
        categories = sorted({post.category for post in published})
        assert self.posts.published_values("category") == categories


@pytest.mark.parametrize("seed", range(4))
def test_random_sequences(dynamodb: "DynamoDBClient", table_name: str, seed: int) -> None:
    clear_table(dynamodb, table_name)
    clock = SteppingClock()
    # Days pass, so that publication and creation order posts differently.
    clock.step *= 300
    sequence = Sequence(ContentRepository(POSTS, Table(dynamodb, table_name), clock), seed)
    for _ in range(120):
        sequence.step()
    sequence.check_categories()
    assert_consistent(dynamodb, table_name)
    for content_id in list(sequence.expected):
        sequence.posts.delete(content_id)
    assert_consistent(dynamodb, table_name)
