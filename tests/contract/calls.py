"""Shared calls, and checks of errors."""

from typing import TYPE_CHECKING, Any, Final

import httpx

from tests.contract.content_kinds import Kind

if TYPE_CHECKING:
    from tests.contract.target import Target

NOBODYS_ID: Final = "6f1c0f7a-5b0e-4c7c-9a53-0b8d0e6b7c11"
"""A valid id of an item that does not exist."""

_WORDS: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
}


def create(
    owner: httpx.Client, kind: Kind, *, published: bool = False, **fields: Any
) -> dict[str, Any]:
    answer = owner.post(kind.base, json=kind.body(**fields))
    assert answer.status_code == 201, answer.text
    item: dict[str, Any] = answer.json()
    return publish(owner, kind, item) if published else item


def publish(owner: httpx.Client, kind: Kind, item: dict[str, Any]) -> dict[str, Any]:
    answer = owner.post(f"{path_of(kind, item)}/publish")
    assert answer.status_code == 200, answer.text
    published: dict[str, Any] = answer.json()
    return published


def path_of(kind: Kind, item: dict[str, Any]) -> str:
    return f"{kind.base}/{item['id']}"


def list_own(
    client: httpx.Client, kind: Kind, own: list[dict[str, Any]], **params: Any
) -> list[int]:
    """Read a list to its end; return the places of its items in `own`, in the order of the list."""
    places = {item["id"]: place for place, item in enumerate(own)}
    found: dict[int, None] = {}
    offset, total = 0, 1
    while offset < total:
        page = read(client, kind.base, **params, limit=100, offset=offset)
        total = page["total"]
        listed = (item["id"] for item in page["items"])
        found |= {places[item_id]: None for item_id in listed if item_id in places}
        offset += 100
    return list(found)


def read(client: httpx.Client, path: str, **params: Any) -> dict[str, Any]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def words(answer: httpx.Response, header: str) -> set[str]:
    """Return the members of a list in a header, in lower case."""
    return {word.strip().lower() for word in answer.headers.get(header, "").split(",")}


def assert_refused(answer: httpx.Response, status: int, *fields: str) -> None:
    """Check an error of the function, with details of these fields alone."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body: dict[str, Any] = answer.json()
    details: dict[str, str] = body.pop("details", {})
    assert body.keys() == {"error", "message", "detail", "statusCode"}
    assert (body["error"], body["statusCode"]) == (_WORDS[status], status)
    assert body["message"] == body["detail"] != ""
    if details:
        assert body["message"] == "{}: {}".format(*next(iter(details.items())))
    assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)
    # The third tag is `tags.2`.
    assert {path.partition(".")[0] for path in details} == set(fields)
    assert all(details.values())


def assert_unauthorized(target: "Target", answer: httpx.Response) -> None:
    """Check the 401 of a guarded operation; it is the gateway's own on a stage with authorizer."""
    if not target.gateway_checks_tokens:
        assert_refused(answer, 401)
        return
    assert answer.status_code == 401, answer.text
    assert answer.json() == {"message": "Unauthorized"}
    assert answer.headers["www-authenticate"].startswith("Bearer")
