"""The contract on caching: public reads for a minute, then revalidated by their ETag."""

from typing import Any

import httpx
import pytest

from tests.contract.calls import NOBODYS_ID, create, path_of, words
from tests.contract.content_kinds import KINDS, POST, Kind
from tests.contract.counters import session
from tests.contract.schema import missing_operations

PUBLIC = "public, max-age=60"
PRIVATE = "private, no-cache"

PUBLIC_READS = [
    *[kind.base for kind in KINDS],
    "/blogs/categories",
    "/blogs/categories/list",
    "/visitors/count",
    f"/analytics/views/blog/{NOBODYS_ID}",
]


@pytest.fixture(scope="module")
def published(owner: httpx.Client, kind: Kind) -> dict[str, Any]:
    return create(owner, kind, published=True)


def assert_cacheable(api: httpx.Client, owner: httpx.Client, path: str) -> None:
    """Check the caching headers of a path, without a token and with one."""
    for client, cache_control in ((api, PUBLIC), (owner, PRIVATE)):
        answer = client.get(path)
        assert answer.status_code == 200
        tag = answer.headers["etag"]
        unchanged = client.get(path, headers={"If-None-Match": tag})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == tag
        for each in (answer, unchanged):
            assert each.headers["cache-control"] == cache_control
            assert {"authorization", "origin"} <= words(each, "vary")


def test_every_public_read_of_the_schema_is_in_the_list() -> None:
    # Items have a test of their own.
    items = [*(f"{kind.base}/{NOBODYS_ID}" for kind in KINDS), "/blogs/slug/unknown"]
    listed = [*PUBLIC_READS, *items]
    calls = [f"GET {path}" for path in listed]
    missing = missing_operations(calls, lambda operation: "304" in operation["responses"])
    assert missing == [], "add them to PUBLIC_READS"


@pytest.mark.parametrize("path", PUBLIC_READS)
def test_a_public_read_has_an_etag_and_a_short_cache_control(
    api: httpx.Client, owner: httpx.Client, path: str
) -> None:
    assert_cacheable(api, owner, path)


@pytest.mark.gateway
def test_an_item_has_an_etag_and_a_short_cache_control(
    api: httpx.Client, owner: httpx.Client, published: dict[str, Any], kind: Kind
) -> None:
    assert_cacheable(api, owner, path_of(kind, published))
    if "slug" in published:
        assert_cacheable(api, owner, f"{kind.base}/slug/{published['slug']}")


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        *[(form, 304) for form in ("W/{tag}", '"other", {tag}', '"a" ,W/{tag}', "*")],
        *[(form, 200) for form in ('"other"', "", 'W/"other"', "etag")],
    ],
)
def test_a_condition_is_a_list_of_tags_which_may_be_weak(
    api: httpx.Client, condition: str, status: int
) -> None:
    answer = api.get("/blogs/categories")
    headers = {"If-None-Match": condition.format(tag=answer.headers["etag"])}
    again = api.get("/blogs/categories", headers=headers)
    assert again.status_code == status
    assert again.content == (answer.content if status == 200 else b"")


def test_an_etag_follows_the_content(api: httpx.Client, owner: httpx.Client, run_id: str) -> None:
    post = create(owner, POST, published=True, category=f"{run_id} cached")
    paths = path_of(POST, post), f"{POST.base}?category={run_id}%20cached"
    tags = [api.get(path).headers["etag"] for path in paths]
    owner.put(path_of(POST, post), json={"title": "Another title"})
    for path, tag in zip(paths, tags, strict=True):
        answer = api.get(path, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert answer.headers["etag"] != tag


def test_a_cached_item_is_404_once_unpublished(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    item = create(owner, kind, published=True)
    tag = api.get(path_of(kind, item)).headers["etag"]
    owner.post(f"{path_of(kind, item)}/unpublish")
    answer = api.get(path_of(kind, item), headers={"If-None-Match": tag})
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


@pytest.mark.gateway
def test_nothing_else_is_kept(api: httpx.Client, owner: httpx.Client) -> None:
    view = {"contentId": create(owner, POST, published=True)["id"], "contentType": "blog"}
    created = owner.post(POST.base, json=POST.body())
    path = path_of(POST, created.json())
    for answer in (
        api.get("/health"),
        api.get("/nothing"),
        api.get(f"{POST.base}?limit=0"),
        api.get(f"{POST.base}?status=all"),
        api.post("/auth/login", json={}),
        api.post("/visitors/track", headers=session()),
        api.post("/analytics/track", json=view, headers=session()),
        created,
        owner.put(path, json=POST.changes),
        owner.post(f"{path}/publish"),
        owner.delete(path),
        owner.get("/auth/me"),
        owner.get("/visitors/trends/daily"),
        owner.get("/analytics/total-views"),
    ):
        assert answer.headers["cache-control"] == "no-store", answer.request.url
        assert "etag" not in answer.headers
