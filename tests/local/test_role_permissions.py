"""The function may do what its role says, and not a thing more: IAM is enforced locally."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from infra.components.function_role import TABLE_ACTIONS
from infra.local.stage import LocalStage

POST = {
    "title": "Allowed",
    "excerpt": "Short.",
    "content": "Long enough.",
    "category": "Permissions",
    "tags": ["iam"],
}


@pytest.fixture
def change_policy(stage: LocalStage) -> Iterator[Callable[[str, str], None]]:
    """Changes a text in the function role's policy, until the test is over."""
    iam = stage.code.clients.iam
    functions = stage.code.clients.functions
    function = functions.get_function_configuration(FunctionName=stage.code.function)
    role = function.get("Role", "").rpartition("/")[2]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document: Any = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    original = json.dumps(document)

    def change(old: str, new: str) -> None:
        assert old in original
        changed = original.replace(old, new)
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=changed)

    yield change
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=original)


@pytest.fixture
def use_it(api: httpx.Client, owner: dict[str, str]) -> Callable[[], list[httpx.Response]]:
    """Does with a post, its views and the lists all that can be done."""

    def use() -> list[httpx.Response]:
        created = api.post("/blog/posts", json=POST, headers=owner)
        content_id = created.json().get("id", "none")
        path, view = f"/blog/posts/{content_id}", {"contentId": content_id, "contentType": "blog"}
        return [
            created,
            api.post(f"{path}/publish", headers=owner),
            api.get("/blog/posts?tag=iam"),
            api.get("/blog/categories"),
            api.put(path, json={"tags": ["role"]}, headers=owner),
            api.get(path),
            api.post("/analytics/track", json=view),
            api.get("/analytics/top-content", headers=owner),
            api.delete(path, headers=owner),
        ]

    return use


def test_with_its_role_everything_works(use_it: Callable[[], list[httpx.Response]]) -> None:
    assert [answer.status_code for answer in use_it()] == [201, *[200] * 7, 204]


@pytest.mark.parametrize("action", TABLE_ACTIONS)
def test_there_is_no_action_that_nothing_needs(
    use_it: Callable[[], list[httpx.Response]],
    change_policy: Callable[[str, str], None],
    action: str,
) -> None:
    change_policy(f'"{action}"', '"dynamodb:DescribeTable"')
    failed = [answer for answer in use_it() if answer.status_code == 500]
    assert failed
    assert "AccessDenied" not in failed[0].text


def test_the_index_is_read_by_a_permission_of_its_own(
    use_it: Callable[[], list[httpx.Response]], change_policy: Callable[[str, str], None]
) -> None:
    change_policy("/index/", "/no-index/")
    (failed,) = [answer for answer in use_it() if answer.is_error]
    assert failed.status_code == 500
    assert failed.url.path.endswith("/analytics/top-content")
