"""The contract on caching and compression."""

from typing import Any

import httpx
import pytest

from tests.contract.calls import NOBODYS_ID, create, path_of, words
from tests.contract.content_kinds import KINDS, POST, Kind
from tests.contract.counters import session
from tests.contract.schema import missing_operations

PUBLIC = "public, max-age=60"
PRIVATE = "private, no-cache"

KEPT = [*[kind.base for kind in KINDS], "/blogs/categories", "/blogs/categories/list"]
"""Paths with answers for caches to keep for a minute."""

COUNTS = ["/visitors/count", f"/analytics/views/blog/{NOBODYS_ID}"]
"""Paths with answers to revalidate at each use."""


@pytest.fixture(scope="module")
def published(owner: httpx.Client, kind: Kind) -> dict[str, Any]:
    return create(owner, kind, published=True)


def assert_conditional(
    client: httpx.Client, path: str, cache_control: str, vary: set[str], **headers: str
) -> None:
    """Check the caching headers of a path, with and without the client's copy."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    tag = answer.headers["etag"]
    conditional = {**headers, "If-None-Match": tag}
    for method in ("GET", "HEAD"):
        unchanged = client.request(method, path, headers=conditional)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == tag
        assert "content-encoding" not in unchanged.headers
        for each in (answer, unchanged):
            assert each.headers["cache-control"] == cache_control
            assert words(each, "vary") == vary


def assert_kept(api: httpx.Client, owner: httpx.Client, path: str) -> None:
    """Check the caching headers of published content: without a token, with one, with a bad one."""
    vary = {"authorization", "accept-encoding", "origin"}
    assert_conditional(api, path, PUBLIC, vary)
    assert_conditional(owner, path, PRIVATE, vary)
    assert_conditional(api, path, PRIVATE, vary, authorization="Bearer nonsense")


def test_every_public_read_of_the_schema_is_in_the_list() -> None:
    # Items have a test of their own.
    items = [*(f"{kind.base}/{NOBODYS_ID}" for kind in KINDS), "/blogs/slug/unknown"]
    listed = [*KEPT, *COUNTS, *items]
    calls = [f"GET {path}" for path in listed]
    missing = missing_operations(calls, lambda operation: "304" in operation["responses"])
    assert missing == [], "add them to KEPT or COUNTS"


@pytest.mark.parametrize("path", KEPT)
def test_published_lists_have_an_etag_and_are_kept_for_a_minute(
    api: httpx.Client, owner: httpx.Client, path: str
) -> None:
    assert_kept(api, owner, path)


@pytest.mark.gateway
def test_a_published_item_has_an_etag_and_is_kept_for_a_minute(
    api: httpx.Client, owner: httpx.Client, published: dict[str, Any], kind: Kind
) -> None:
    assert_kept(api, owner, path_of(kind, published))
    if "slug" in published:
        assert_kept(api, owner, f"{kind.base}/slug/{published['slug']}")


@pytest.mark.gateway
@pytest.mark.parametrize("path", COUNTS)
def test_a_count_has_an_etag_and_is_revalidated_whoever_asks(
    api: httpx.Client, owner: httpx.Client, path: str
) -> None:
    for client in (api, owner):
        assert_conditional(client, path, "no-cache", {"accept-encoding", "origin"})


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        *[(form, 304) for form in ("W/{tag}", '"other", {tag}', '"a" ,W/{tag}', "*")],
        *[(form, 304) for form in ('"a,b",{tag}', ',, {tag},"c,"', 'W/"", {tag}')],
        *[(form, 200) for form in ('"other"', "", 'W/"other"', "etag", '"*"', "*, *")],
        *[(form, 200) for form in ('"a,{opaque},b"', '"a, {tag}, b"', "w/{tag}", "{opaque}")],
    ],
)
def test_a_condition_is_a_list_of_tags_which_may_be_weak(
    api: httpx.Client, condition: str, status: int
) -> None:
    answer = api.get("/blogs/categories")
    tag = answer.headers["etag"]
    headers = {"If-None-Match": condition.format(tag=tag, opaque=tag.strip('"'))}
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
def test_the_owners_drafts_are_not_kept(owner: httpx.Client, kind: Kind) -> None:
    item = create(owner, kind)
    paths = [path_of(kind, item), f"{kind.base}?status=DRAFT", f"{kind.base}?status=all"]
    paths += [f"{kind.base}/slug/{item['slug']}"] if "slug" in item else []
    for path in paths:
        answer = owner.get(path, headers={"If-None-Match": "*"})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


# Compression


@pytest.fixture(scope="module")
def long_post(owner: httpx.Client) -> str:
    """The path of a post with a body above 1 KB."""
    return path_of(POST, create(owner, POST, published=True, content="Compress me. " * 400))


def read_encoded(
    client: httpx.Client, path: str, encodings: str, method: str = "GET", **headers: str
) -> httpx.Response:
    return client.request(method, path, headers={"Accept-Encoding": encodings, **headers})


@pytest.mark.gateway
@pytest.mark.parametrize(
    "encodings",
    ["gzip", "GZIP", "x-gzip", "br, gzip;q=0.1", "*", "gzip ; q=1.0,identity;q=0.5", "*;q=0.001"],
)
def test_a_body_above_1_kb_is_compressed_where_gzip_is_accepted(
    api: httpx.Client, long_post: str, encodings: str
) -> None:
    plain = read_encoded(api, long_post, "identity")
    answer = read_encoded(api, long_post, encodings)
    assert answer.headers["content-encoding"] == "gzip"
    # The client has decompressed it.
    assert answer.content == plain.content
    assert int(answer.headers["content-length"]) < len(plain.content) / 3
    assert answer.headers["content-type"] == plain.headers["content-type"] == "application/json"
    assert "accept-encoding" in words(answer, "vary") & words(plain, "vary")


@pytest.mark.gateway
@pytest.mark.parametrize(
    "encodings",
    ["", "identity", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "gzip;q=0.5, identity", "gzipx"],
)
def test_a_body_is_sent_as_it_is_where_gzip_is_not_accepted(
    api: httpx.Client, long_post: str, encodings: str
) -> None:
    answer = read_encoded(api, long_post, encodings)
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.json()["content"].startswith("Compress me.")


@pytest.mark.gateway
def test_a_body_of_1_kb_or_less_is_sent_as_it_is(api: httpx.Client) -> None:
    for path in ("/health", "/visitors/count", "/nothing"):
        answer = read_encoded(api, path, "gzip")
        assert "content-encoding" not in answer.headers
        assert answer.json()


@pytest.mark.gateway
def test_each_encoding_has_an_etag_of_its_own(api: httpx.Client, long_post: str) -> None:
    tags = {
        encoding: read_encoded(api, long_post, encoding).headers["etag"]
        for encoding in ("gzip", "identity")
    }
    assert tags["gzip"] != tags["identity"]
    for encoding in tags:
        for known, tag in tags.items():
            answer = read_encoded(api, long_post, encoding, **{"If-None-Match": tag})
            assert answer.status_code == (304 if known == encoding else 200)
            is_compressed = answer.status_code == 200 and encoding == "gzip"
            assert answer.headers.get("content-encoding") == ("gzip" if is_compressed else None)
            assert bool(answer.content) == (answer.status_code == 200)


@pytest.mark.gateway
def test_head_of_a_compressed_body_has_its_headers(api: httpx.Client, long_post: str) -> None:
    head, read = (read_encoded(api, long_post, "gzip", method) for method in ("HEAD", "GET"))
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-encoding", "etag", "vary", "cache-control", "content-type"):
        assert head.headers[name] == read.headers[name]
    assert head.headers.get("content-length") in (None, read.headers["content-length"])


@pytest.mark.gateway
def test_nothing_else_is_kept(api: httpx.Client, owner: httpx.Client) -> None:
    viewed = create(owner, POST, published=True)["id"]
    created = owner.post(POST.base, json=POST.body())
    path = path_of(POST, created.json())
    for answer in (
        api.get("/health"),
        api.get("/nothing"),
        api.get(f"{POST.base}?limit=0"),
        api.get(f"{POST.base}?status=all"),
        api.post("/auth/login", json={}),
        api.post("/visitors/track", headers=session()),
        api.post(f"/analytics/track/blog/{viewed}", headers=session()),
        created,
        owner.put(path, json=POST.changes),
        owner.post(f"{path}/publish"),
        owner.delete(path),
        owner.get("/auth/me"),
        owner.get("/visitors/trends/daily"),
        owner.get("/analytics/views/total"),
        owner.get("/analytics/overview"),
        owner.get("/analytics/pages"),
        api.get("/"),
        api.head("/health"),
    ):
        assert answer.headers["cache-control"] == "no-store", answer.request.url
        assert "etag" not in answer.headers
