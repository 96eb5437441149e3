"""The contract's blog posts, over HTTP."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.backend.content_checks import assert_consistent, clear_table, post_body

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

POSTS = "/v1/blog/posts"
NOBODYS_ID = "6f1c0f7a-5b0e-4c7c-9a53-0b8d0e6b7c11"
"""An id that could exist, and does not."""

FIELDS = {"title", "excerpt", "content", "category", "tags"}

type Headers = dict[str, str]
type Create = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def empty_table(dynamodb: "DynamoDBClient", table_name: str) -> None:
    clear_table(dynamodb, table_name)


@pytest.fixture
def create(client: httpx.Client, owner_headers: Headers) -> Create:
    """Create a post: `create(title="A", published=True)`."""

    def create(*, published: bool = False, **fields: Any) -> dict[str, Any]:
        answer = client.post(POSTS, json=post_body(**fields), headers=owner_headers)
        assert answer.status_code == HTTPStatus.CREATED, answer.text
        if published:
            path = f"{POSTS}/{answer.json()['id']}/publish"
            answer = client.post(path, headers=owner_headers)
            assert answer.status_code == HTTPStatus.OK
        return answer.json()

    return create


def assert_refused(answer: httpx.Response, status: HTTPStatus, *fields: str) -> None:
    body = answer.json()
    assert (answer.status_code, body["statusCode"], body["error"]) == (
        status,
        status,
        status.phrase,
    )
    assert body.get("details", {}).keys() == set(fields)


def test_a_post_is_created_as_a_draft(client: httpx.Client, owner_headers: Headers) -> None:
    answer = client.post(POSTS, json=post_body(), headers=owner_headers)

    post = answer.json()
    assert answer.status_code == HTTPStatus.CREATED
    assert {key: post[key] for key in FIELDS} == post_body()
    assert (post["status"], post["publishedAt"]) == ("draft", "")
    assert (post["slug"], post["readTime"]) == ("serverless-on-a-budget", "1 min read")
    assert str(uuid.UUID(post["id"])) == post["id"]
    assert post["createdAt"] == post["updatedAt"]
    assert len(post["createdAt"]) == len("2026-01-31T09:30:00Z")
    assert post.keys() == FIELDS | {
        *("id", "slug", "status", "readTime", "publishedAt", "createdAt", "updatedAt")
    }


def test_a_second_post_of_the_same_title_has_another_slug(create: Create) -> None:
    assert create()["slug"] != create()["slug"]


def test_a_draft_is_there_for_its_owner_only(
    client: httpx.Client, create: Create, owner_headers: Headers, user_headers: Headers
) -> None:
    path = f"{POSTS}/{create()['id']}"

    unknown = client.get(f"{POSTS}/{NOBODYS_ID}")
    assert client.get(path, headers=owner_headers).status_code == HTTPStatus.OK
    for headers in ({}, user_headers):
        hidden = client.get(path, headers=headers)
        assert hidden.status_code == HTTPStatus.NOT_FOUND
        assert hidden.json() == unknown.json()


def test_a_published_post_is_there_for_everyone_until_it_is_unpublished(
    client: httpx.Client, create: Create, owner_headers: Headers
) -> None:
    path = f"{POSTS}/{create()['id']}"

    published = client.post(f"{path}/publish", headers=owner_headers)
    assert published.status_code == HTTPStatus.OK
    assert published.json()["status"] == "published"
    assert published.json()["publishedAt"] == published.json()["updatedAt"][:10]
    assert client.get(path).json() == published.json()
    assert client.post(f"{path}/publish", headers=owner_headers).json() == published.json()

    draft = client.post(f"{path}/unpublish", headers=owner_headers)
    assert draft.status_code == HTTPStatus.OK
    assert draft.json()["status"] == "draft"
    assert draft.json()["publishedAt"] == published.json()["publishedAt"]
    assert client.post(f"{path}/unpublish", headers=owner_headers).json() == draft.json()
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_an_update_changes_the_keys_sent_and_no_other(
    client: httpx.Client, create: Create, owner_headers: Headers
) -> None:
    post = create()
    path = f"{POSTS}/{post['id']}"

    answer = client.put(path, json={"content": "word " * 401}, headers=owner_headers)

    updated = answer.json()
    assert answer.status_code == HTTPStatus.OK
    assert (updated["content"], updated["readTime"]) == ("word " * 401, "3 min read")
    same = post.keys() - {"content", "readTime", "updatedAt"}
    assert {key: updated[key] for key in same} == {key: post[key] for key in same}
    assert client.get(path, headers=owner_headers).json() == updated


@pytest.mark.parametrize(
    "request_body", [{}, {"content": b""}, {"json": {}}, {"json": {"id": 1, "slug": None}}]
)
def test_an_update_without_changes_changes_nothing(
    client: httpx.Client, create: Create, owner_headers: Headers, request_body: dict[str, Any]
) -> None:
    post = create()

    answer = client.put(f"{POSTS}/{post['id']}", headers=owner_headers, **request_body)

    assert (answer.status_code, answer.json()) == (HTTPStatus.OK, post)


def test_what_was_read_may_be_sent_back(
    client: httpx.Client, create: Create, owner_headers: Headers
) -> None:
    post = create(published=True)
    sent_back = post | {"id": "other", "status": 7, "publishedAt": None, "title": "New"}

    updated = client.put(f"{POSTS}/{post['id']}", json=sent_back, headers=owner_headers)
    created = client.post(POSTS, json=sent_back, headers=owner_headers)

    assert updated.json() == post | {"title": "New", "updatedAt": updated.json()["updatedAt"]}
    assert created.status_code == HTTPStatus.CREATED
    assert created.json()["id"] not in {post["id"], "other"}
    assert created.json()["status"] == "draft"


def test_a_deleted_post_is_gone(
    client: httpx.Client,
    create: Create,
    owner_headers: Headers,
    dynamodb: "DynamoDBClient",
    table_name: str,
) -> None:
    path = f"{POSTS}/{create(published=True)['id']}"

    answer = client.delete(path, headers=owner_headers)

    assert (answer.status_code, answer.content) == (HTTPStatus.NO_CONTENT, b"")
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND
    assert client.get(POSTS).json()["total"] == 0
    assert client.delete(path, headers=owner_headers).status_code == HTTPStatus.NOT_FOUND
    assert_consistent(dynamodb, table_name)


WRITES = [
    ("POST", POSTS),
    ("PUT", f"{POSTS}/{{id}}"),
    ("DELETE", f"{POSTS}/{{id}}"),
    ("POST", f"{POSTS}/{{id}}/publish"),
    ("POST", f"{POSTS}/{{id}}/unpublish"),
]


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_only_the_owner_writes(
    client: httpx.Client, create: Create, user_headers: Headers, method: str, path: str
) -> None:
    path = path.format(id=create()["id"])

    stranger = client.request(method, path, json={"what": "ever"})
    assert_refused(stranger, HTTPStatus.UNAUTHORIZED)
    assert stranger.headers["WWW-Authenticate"] == "Bearer"
    user = client.request(method, path, json={"what": "ever"}, headers=user_headers)
    assert_refused(user, HTTPStatus.FORBIDDEN)


@pytest.mark.parametrize(("method", "path"), [*WRITES[1:], ("GET", f"{POSTS}/{{id}}")])
@pytest.mark.parametrize("content_id", [NOBODYS_ID, "counts", "x" * 3000, "%23", "%00"])
def test_what_does_not_exist_is_not_found(
    client: httpx.Client, owner_headers: Headers, method: str, path: str, content_id: str
) -> None:
    answer = client.request(method, path.format(id=content_id), headers=owner_headers)

    assert_refused(answer, HTTPStatus.NOT_FOUND)


@pytest.mark.parametrize("path", [POSTS, f"{POSTS}/{NOBODYS_ID}"])
def test_a_bad_token_is_not_ignored(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Authorization": "Bearer nonsense"})

    assert_refused(answer, HTTPStatus.UNAUTHORIZED)


def test_a_path_with_a_trailing_slash_is_not_found(client: httpx.Client) -> None:
    assert_refused(client.get(f"{POSTS}/"), HTTPStatus.NOT_FOUND)


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_is_required_on_creation(
    client: httpx.Client, owner_headers: Headers, field: str
) -> None:
    body = post_body()
    del body[field]

    assert_refused(
        client.post(POSTS, json=body, headers=owner_headers), HTTPStatus.BAD_REQUEST, field
    )


WRONG: list[tuple[str, Any]] = [
    *[(field, wrong) for field in sorted(FIELDS) for wrong in ("", None, 7, True, {"a": 1})],
    ("title", "x" * 201),
    ("excerpt", "x" * 501),
    ("content", "x" * 300_001),
    ("content", "é" * 150_001),
    ("category", "x" * 101),
    ("tags", []),
    ("tags", ["same", "same"]),
    ("tags", [f"tag {number}" for number in range(21)]),
    ("unknown", "x"),
    ("created_at", "x"),
]


@pytest.mark.parametrize(("field", "wrong"), WRONG)
def test_wrong_input_is_refused_by_field(
    client: httpx.Client, create: Create, owner_headers: Headers, field: str, wrong: object
) -> None:
    path = f"{POSTS}/{create()['id']}"

    created = client.post(POSTS, json=post_body() | {field: wrong}, headers=owner_headers)
    updated = client.put(path, json={field: wrong}, headers=owner_headers)

    assert_refused(created, HTTPStatus.BAD_REQUEST, field)
    assert_refused(updated, HTTPStatus.BAD_REQUEST, field)


@pytest.mark.parametrize("tag", ["", "x" * 51, None, 7])
def test_a_wrong_tag_is_named_by_its_place(
    client: httpx.Client, owner_headers: Headers, tag: object
) -> None:
    answer = client.post(POSTS, json=post_body(tags=["fine", tag]), headers=owner_headers)

    assert_refused(answer, HTTPStatus.BAD_REQUEST, "tags.1")


def test_what_is_wrong_is_said_but_not_repeated(
    client: httpx.Client, owner_headers: Headers
) -> None:
    wrong = post_body(content="secret" * 60_000, tags=["secret", "secret"])

    answer = client.post(POSTS, json=wrong, headers=owner_headers)

    assert "secret" not in answer.text
    assert answer.json()["details"]["tags"] == "Tags should be different from each other"


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"7", b"{", b'{"title": NaN}'])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_that_is_no_object_is_refused(
    client: httpx.Client, create: Create, owner_headers: Headers, method: str, body: bytes
) -> None:
    path = POSTS if method == "POST" else f"{POSTS}/{create()['id']}"
    headers = owner_headers | {"Content-Type": "application/json"}

    answer = client.request(method, path, content=body, headers=headers)

    assert answer.status_code == HTTPStatus.BAD_REQUEST


def test_the_bounds_themselves_are_allowed(create: Create) -> None:
    largest = {
        "title": "é" * 200,
        "excerpt": "😀" * 500,
        "content": "é" * 150_000,
        "category": "😀" * 100,
        "tags": [f"{'😀' * 48}{number:02}" for number in range(20)],
    }
    post = create(**largest)

    assert {key: post[key] for key in FIELDS} == largest


def test_a_list_holds_a_page_and_counts_the_whole(client: httpx.Client, create: Create) -> None:
    created = [create(title=str(number), published=True) for number in range(3)]
    create(title="draft")

    answer = client.get(POSTS, params={"limit": 2, "offset": 0, "unknown": "ignored"})

    assert answer.status_code == HTTPStatus.OK
    assert answer.json() == {"posts": created[:0:-1], "total": 3, "limit": 2, "offset": 0}
    rest = client.get(POSTS, params={"limit": 2, "offset": 2}).json()
    assert rest == {"posts": created[:1], "total": 3, "limit": 2, "offset": 2}
    beyond = client.get(POSTS, params={"offset": 10**30}).json()
    assert beyond == {"posts": [], "total": 3, "limit": 20, "offset": 10**30}


def test_lists_are_filtered_by_category_and_tag(client: httpx.Client, create: Create) -> None:
    create(title="1", category="A", tags=["x", "y"], published=True)
    create(title="2", category="A", tags=["y"], published=True)
    create(title="3", category="a", tags=["x"], published=True)

    def titles(**params: str) -> list[str]:
        listed = client.get(POSTS, params=params).json()
        assert listed["total"] == len(listed["posts"])
        return [post["title"] for post in listed["posts"]]

    assert titles() == ["3", "2", "1"]
    assert titles(category="A") == ["2", "1"]
    assert titles(tag="x") == ["3", "1"]
    assert titles(category="A", tag="x") == ["1"]
    assert titles(category="") == []


@pytest.mark.parametrize("status", ["draft", "all"])
def test_drafts_are_listed_for_the_owner_only(
    client: httpx.Client,
    create: Create,
    owner_headers: Headers,
    user_headers: Headers,
    status: str,
) -> None:
    draft, published = create(), create(published=True)
    params = {"status": status}

    listed = client.get(POSTS, params=params, headers=owner_headers).json()
    assert listed["posts"] == ([draft] if status == "draft" else [published, draft])
    assert_refused(client.get(POSTS, params=params), HTTPStatus.UNAUTHORIZED)
    assert_refused(client.get(POSTS, params=params, headers=user_headers), HTTPStatus.FORBIDDEN)


@pytest.mark.parametrize("headers", [{}, {"X-Any": "1"}])
def test_published_posts_are_listed_for_everyone(
    client: httpx.Client, create: Create, user_headers: Headers, headers: Headers
) -> None:
    post = create(published=True)

    for each in (headers, user_headers):
        listed = client.get(POSTS, params={"status": "published"}, headers=each).json()
        assert listed["posts"] == [post]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("limit", wrong) for wrong in ("0", "101", "-1", "x", "", "1.5")],
        *[("offset", wrong) for wrong in ("-1", "x", "", "9" * 5000)],
        *[("status", wrong) for wrong in ("", "Published", "deleted")],
    ],
)
def test_a_wrong_parameter_is_refused(client: httpx.Client, name: str, value: str) -> None:
    answer = client.get(POSTS, params={name: value})

    assert_refused(answer, HTTPStatus.BAD_REQUEST, name)
    assert not value or value not in answer.json()["details"][name]


def test_categories_are_those_of_published_posts(client: httpx.Client, create: Create) -> None:
    for category in ("Python", "Cloud", "Python"):
        create(category=category, published=True)
    create(category="Draft")

    answer = client.get("/v1/blog/categories")

    assert (answer.status_code, answer.json()) == (
        HTTPStatus.OK,
        {"categories": ["Cloud", "Python"]},
    )


def test_operations_have_names_that_client_generators_like(client: httpx.Client) -> None:
    schema = client.get("/v1/openapi.json").json()

    names = {
        operation["operationId"]: bool(operation.get("security"))
        for path, operations in schema["paths"].items()
        if path.startswith("/v1/blog")
        for operation in operations.values()
    }
    assert names == {
        **dict.fromkeys(("listPosts", "createPost", "getPost", "updatePost"), True),
        **dict.fromkeys(("deletePost", "publishPost", "unpublishPost"), True),
        "listCategories": False,
    }
    assert {"PostCreate", "PostUpdate", "Post", "PostPage"} <= schema["components"][
        "schemas"
    ].keys()
