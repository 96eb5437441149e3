"""Reads without a token cost half, and may be a moment old; all others are consistent."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Table
from tests.backend.content_checks import post_input
from tests.backend.dynamodb_traffic import record

if TYPE_CHECKING:
    from fastapi import FastAPI

    from src.models.post import Post

type Calls = list[tuple[str, dict[str, Any]]]

GOOD_OR_BAD = ["good", "nonsense"]


@pytest.fixture(scope="module")
def post(app: "FastAPI") -> "Post":
    table = Table(app.state.services.dynamodb, app.state.settings.dynamodb_table_name)
    posts = ContentRepository(POSTS, table)
    return posts.publish(posts.create(post_input()).id)


@pytest.fixture(scope="module")
def calls(app: "FastAPI", post: "Post") -> Calls:
    assert post
    return record(app.state.services.dynamodb)


@pytest.fixture(scope="module")
def paths(app: "FastAPI", post: "Post") -> list[str]:
    """The path of every operation that reads, with the post in place of parameters."""
    values = {"slug": post.slug, "type": "blog", "id": post.id}
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return [path.format(**values) for path, operations in paths.items() if "get" in operations]


def consistency(calls: Calls) -> Iterator[bool]:
    """Yield for each read of the table if it was consistent."""
    for name, params in calls:
        if name == "BatchGetItem":
            yield from (each["ConsistentRead"] for each in params["RequestItems"].values())
        elif name in {"GetItem", "Query"} and "IndexName" not in params:
            yield params["ConsistentRead"]


def test_a_read_without_a_token_is_eventual(
    client: httpx.Client, calls: Calls, paths: list[str]
) -> None:
    calls.clear()
    for path in (*paths, "/blogs?category=Cloud&tag=aws"):
        for method in ("GET", "HEAD"):
            client.request(method, path)
    assert not any(consistency(calls))
    assert {name for name, _ in calls} == {"GetItem", "Query", "BatchGetItem"}


@pytest.mark.parametrize("token", GOOD_OR_BAD)
def test_a_read_with_a_token_sees_what_was_just_written(
    client: httpx.Client,
    owner_headers: dict[str, str],
    calls: Calls,
    paths: list[str],
    token: str,
) -> None:
    headers = owner_headers if token == "good" else {"Authorization": f"Bearer {token}"}
    calls.clear()
    for path in paths:
        client.get(path, headers=headers)
    assert all(consistency(calls))
    assert token != "good" or {name for name, _ in calls} == {"GetItem", "Query", "BatchGetItem"}


def test_a_write_reads_consistently(client: httpx.Client, post: "Post", calls: Calls) -> None:
    calls.clear()
    assert client.post("/visitors/track").is_success
    assert client.post(f"/analytics/track/blog/{post.id}").is_success
    reads = list(consistency(calls))
    assert reads
    assert all(reads)
