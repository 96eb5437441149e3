"""The function may do what its role says, and not a thing more: IAM is enforced locally."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from infra.local.stage import LocalStage

ACTIONS = ["dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:GetItem"]


@pytest.fixture
def without_action(stage: LocalStage) -> Iterator[Callable[[str], None]]:
    """Takes one action out of the function role's policy, until the test is over."""
    iam = stage.code.clients.iam
    functions = stage.code.clients.functions
    function = functions.get_function_configuration(FunctionName=stage.code.function)
    role = function["Role"].rpartition("/")[2]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document: Any = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    original = json.dumps(document)

    def take(action: str) -> None:
        assert action in original
        changed = original.replace(action, "dynamodb:DescribeTable")
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=changed)

    yield take
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=original)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_permission_taken_from_the_role_makes_the_call_fail(
    api: httpx.Client, without_action: Callable[[str], None], action: str
) -> None:
    paths = ("/blog/posts", "/blog/categories")
    assert {api.get(path).status_code for path in paths} == {200}
    without_action(action)
    failed = [answer for path in paths if (answer := api.get(path)).status_code != 200]
    assert failed
    assert {answer.status_code for answer in failed} == {500}
    assert "AccessDenied" not in failed[0].text


def test_the_calls_work_again_with_the_permission(api: httpx.Client) -> None:
    assert api.get("/blog/posts").status_code == 200
