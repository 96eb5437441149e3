"""The contract on what is judged first: path, method, size, token, group, input, item."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.backend.accounts import bearer
from tests.contract.calls import NOBODYS_ID, assert_refused, assert_unauthorized
from tests.contract.content_kinds import KINDS, Kind
from tests.contract.schema import Json, operations
from tests.contract.target import Target

JSON = {"Content-Type": "application/json"}
TOO_LARGE = b" " * (1024 * 1024 + 1)
WRONG = "swordfish"


@dataclass(frozen=True)
class Call:
    """An operation of the schema, with input that is right for an item that does not exist."""

    method: str
    path: str

    needs_token: bool
    needs_owner: bool

    wrong: dict[str, Any] | None
    """Arguments of a request with wrong input, or None if any input is right."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def read_call(name: str, operation: Json) -> Call:
    method, template = name.split()
    needs_token = operation["security"] == [{"bearer": []}]
    path = fill(template, operation, "blog")
    return Call(
        method=method,
        path=path,
        needs_token=needs_token,
        needs_owner=needs_token and "403" in operation["responses"],
        wrong=wrong_input(method, path, fill(template, operation, WRONG), operation),
    )


def fill(template: str, operation: Json, content_type: str) -> str:
    """Return a path; parameters that are no ids get a content type."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            value = content_type if is_choice(parameter) else NOBODYS_ID
            template = template.replace(f"{{{parameter['name']}}}", value)
    return template


def is_choice(parameter: Json) -> bool:
    return bool({"$ref", "enum"} & parameter["schema"].keys())


def wrong_input(method: str, path: str, wrong_path: str, operation: Json) -> dict[str, Any] | None:
    if wrong_path != path:
        return {"url": wrong_path}
    numbers = [
        parameter["name"]
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter["schema"].get("type") == "integer"
    ]
    if numbers:
        return {"params": {numbers[0]: WRONG}}
    # The other bodies are read if they can be, else ignored.
    if operation.get("requestBody", {}).get("required") or method == "PUT":
        return {"content": b"[7", "headers": JSON}
    return None


CALLS = [read_call(name, operation) for name, operation in operations().items()]
WITH_INPUT = [call for call in CALLS if call.wrong]


def send(client: httpx.Client, call: Call, token: str | None = None, **sent: Any) -> httpx.Response:
    headers = bearer(token) if token else {}
    headers |= sent.pop("headers", {})
    return client.request(call.method, sent.pop("url", call.path), headers=headers, **sent)


def test_a_wrong_input_of_most_operations_is_known() -> None:
    assert len(WITH_INPUT) > 15
    assert {call.method for call in WITH_INPUT} == {"GET", "POST", "PUT"}


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_the_path_and_the_method_come_before_the_size(api: httpx.Client, call: Call) -> None:
    nowhere = f"{call.path.rstrip('/')}/x/x/x"
    assert_refused(send(api, call, url=nowhere, content=TOO_LARGE, headers=JSON), 404)
    answer = api.patch(call.path, content=TOO_LARGE, headers=JSON)
    assert_refused(answer, 405)
    assert call.method in answer.headers["allow"].split(", ")


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_the_size_comes_before_the_token_and_the_group(
    api: httpx.Client, user: httpx.Client, target: Target, call: Call
) -> None:
    assert_refused(send(user, call, content=TOO_LARGE, headers=JSON), 413)
    if not (call.needs_token and target.gateway_checks_tokens):
        for token in (None, WRONG):
            assert_refused(send(api, call, token, content=TOO_LARGE, headers=JSON), 413)


@pytest.mark.parametrize("call", WITH_INPUT, ids=str)
def test_the_token_and_the_group_come_before_the_input(
    api: httpx.Client, user: httpx.Client, owner: httpx.Client, target: Target, call: Call
) -> None:
    sent = call.wrong or {}
    for token in (None, WRONG):
        answer = send(api, call, token, **sent)
        if call.needs_token:
            assert_unauthorized(target, answer)
        else:
            assert answer.status_code == 400, answer.text
    assert send(user, call, **sent).status_code == (403 if call.needs_owner else 400)
    assert send(owner, call, **sent).status_code == 400


@pytest.mark.parametrize("status", ["draft", "all", "ALL"])
def test_a_list_of_drafts_asks_for_the_owner_before_the_rest_of_its_input(
    api: httpx.Client, user: httpx.Client, owner: httpx.Client, kind: Kind, status: str
) -> None:
    params = {"status": status, "limit": "0"}
    assert_refused(api.get(kind.base, params=params), 401)
    assert_refused(api.get(kind.base, params=params, headers=bearer(WRONG)), 401)
    assert_refused(user.get(kind.base, params=params), 403)
    assert_refused(owner.get(kind.base, params=params), 400, "limit")


@pytest.mark.parametrize("kind_", KINDS, ids=lambda kind: kind.content_type)
def test_the_input_comes_before_the_item(owner: httpx.Client, kind_: Kind) -> None:
    path = f"{kind_.base}/{NOBODYS_ID}"
    (name, *_) = kind_.required
    assert_refused(owner.put(path, json={name: 7}), 400, name)
    assert_refused(owner.put(path, json={}), 404)
    assert_refused(owner.post(f"{path}/publish"), 404)
