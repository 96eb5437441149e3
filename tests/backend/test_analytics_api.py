"""The contract's analytics, over HTTP, for every kind of content."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.backend.content_bodies import CONTENT_TYPES
from tests.backend.content_checks import clear_table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

type Headers = dict[str, str]
type Publish = Callable[[str], str]


@pytest.fixture(autouse=True)
def empty_table(dynamodb: "DynamoDBClient", table_name: str) -> None:
    clear_table(dynamodb, table_name)


@pytest.fixture
def publish(client: httpx.Client, owner_headers: Headers) -> Publish:
    """Publish something of a content type, and return its id."""

    def publish(content_type: str) -> str:
        base, body = CONTENT_TYPES[content_type]
        content_id: str = client.post(base, json=body, headers=owner_headers).json()["id"]
        assert client.post(f"{base}/{content_id}/publish", headers=owner_headers).is_success
        return content_id

    return publish


def track(
    client: httpx.Client, content_type: object, content_id: object, session: str = "a"
) -> httpx.Response:
    body = {"contentId": content_id, "contentType": content_type}
    return client.post("/v1/analytics/track", json=body, headers={"X-Session-Id": session})


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_a_session_counts_once_per_item(
    client: httpx.Client, publish: Publish, content_type: str
) -> None:
    content_id = publish(content_type)
    path = f"/v1/analytics/views/{content_type}/{content_id}"
    expected = {"contentId": content_id, "contentType": content_type}

    assert client.get(path).json() == expected | {"views": 0}
    assert track(client, content_type, content_id).json() == {"views": 1, "tracked": True}
    assert track(client, content_type, content_id).json() == {"views": 1, "tracked": False}
    assert track(client, content_type, content_id, "b").json() == {"views": 2, "tracked": True}
    assert client.get(path).json() == expected | {"views": 2}


def test_a_visit_and_a_view_are_counted_apart(client: httpx.Client, publish: Publish) -> None:
    assert client.post("/v1/visitors/track", headers={"X-Session-Id": "a"}).json()["tracked"]
    assert track(client, "blog", publish("blog")).json()["tracked"]
    assert track(client, "project", publish("project")).json()["tracked"]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_what_is_not_there_to_see_is_not_counted(
    client: httpx.Client, publish: Publish, owner_headers: Headers, content_type: str
) -> None:
    base, body = CONTENT_TYPES[content_type]
    draft = client.post(base, json=body, headers=owner_headers).json()["id"]
    others = [publish(other) for other in CONTENT_TYPES if other != content_type]

    for content_id in (draft, *others, str(uuid.uuid4()), "nothing", "x" * 2000):
        answer = track(client, content_type, content_id)
        assert (answer.status_code, answer.json()["error"]) == (404, "Not Found")
    total = client.get("/v1/analytics/total-views", headers=owner_headers)
    assert total.json() == {"totalViews": 0}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"contentId": "a", "contentType": "post"}, "contentType"),
        ({"contentId": "a", "contentType": None}, "contentType"),
        ({"contentId": "a"}, "contentType"),
        ({"contentType": "blog"}, "contentId"),
        ({"contentId": 1, "contentType": "blog"}, "contentId"),
        ({"contentId": "", "contentType": "blog"}, "contentId"),
        ({"contentId": "x" * 2001, "contentType": "blog"}, "contentId"),
        ({"contentId": "a", "contentType": "blog", "views": 1000}, "views"),
    ],
)
def test_a_wrong_body_is_refused(client: httpx.Client, body: dict[str, Any], wrong: str) -> None:
    answer = client.post("/v1/analytics/track", json=body)
    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {wrong}


@pytest.mark.parametrize("path", ["post", "Blog", "post/1"])
def test_a_type_that_does_not_exist_is_refused(
    client: httpx.Client, owner_headers: Headers, path: str
) -> None:
    answer = client.get(f"/v1/analytics/views/{path}", headers=owner_headers)
    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {"contentType"}


@pytest.mark.parametrize("content_id", ["nothing", "x" * 3000])
def test_what_was_never_viewed_has_no_views(client: httpx.Client, content_id: str) -> None:
    answer = client.get(f"/v1/analytics/views/project/{content_id}")
    assert (answer.status_code, answer.json()["views"]) == (200, 0)


def test_the_owner_sees_every_count_and_the_most_viewed(
    client: httpx.Client, publish: Publish, owner_headers: Headers
) -> None:
    popular, quiet, project = publish("blog"), publish("blog"), publish("project")
    for session in ("a", "b", "c"):
        track(client, "blog", popular, session)
    track(client, "blog", quiet)
    track(client, "project", project)

    def get(path: str) -> Any:
        return client.get(f"/v1/analytics/{path}", headers=owner_headers).json()

    assert get("views/blog") == {"contentType": "blog", "stats": {popular: 3, quiet: 1}}
    assert get("views/certification") == {"contentType": "certification", "stats": {}}
    first = {"contentId": popular, "views": 3}
    assert get("top-content") == {
        "blogs": [first, {"contentId": quiet, "views": 1}],
        "projects": [{"contentId": project, "views": 1}],
        "certifications": [],
    }
    assert get("top-content?limit=1")["blogs"] == [first]
    assert get("total-views") == {"totalViews": 5}

    assert client.delete(f"/v1/blog/posts/{popular}", headers=owner_headers).status_code == 204
    assert get("top-content")["blogs"] == [{"contentId": quiet, "views": 1}]
    assert get("total-views") == {"totalViews": 2}
    assert client.get(f"/v1/analytics/views/blog/{popular}").json()["views"] == 0


@pytest.mark.parametrize("limit", ["0", "21", "x"])
def test_the_top_list_has_bounds(client: httpx.Client, owner_headers: Headers, limit: str) -> None:
    path = f"/v1/analytics/top-content?limit={limit}"
    assert client.get(path, headers=owner_headers).status_code == 400


@pytest.mark.parametrize("path", ["views/blog", "top-content", "total-views"])
def test_the_rest_is_the_owner_s(client: httpx.Client, user_headers: Headers, path: str) -> None:
    assert client.get(f"/v1/analytics/{path}").status_code == 401
    assert client.get(f"/v1/analytics/{path}", headers=user_headers).status_code == 403
