"""The function's role has every permission it needs and no other: IAM is enforced locally."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.role_policy import changed_role_policy

if TYPE_CHECKING:
    from portfolio.local.stage import LocalStage

POST = {
    "title": "Allowed",
    "excerpt": "Short.",
    "content": "Long enough.",
    "category": "Permissions",
    "tags": ["iam"],
}


@pytest.fixture
def use_it(api: httpx.Client, owner: dict[str, str]) -> Callable[[], list[httpx.Response]]:
    """A function to run every operation on a post, its views and the lists."""

    def use() -> list[httpx.Response]:
        created = api.post("/blogs", json=POST, headers=owner)
        content_id = created.json().get("id", "none")
        path = f"/blogs/{content_id}"
        return [
            created,
            api.post(f"{path}/publish", headers=owner),
            api.get("/blogs?tag=iam"),
            api.get("/blogs/categories"),
            api.put(path, json={"tags": ["role"]}, headers=owner),
            api.get(path),
            api.post(f"/analytics/track/blog/{content_id}"),
            api.get("/analytics/top-content", headers=owner),
            api.delete(path, headers=owner),
        ]

    return use


def test_with_its_role_everything_works(use_it: Callable[[], list[httpx.Response]]) -> None:
    assert [answer.status_code for answer in use_it()] == [201, *[200] * 7, 204]


def test_there_is_no_action_that_nothing_needs(
    use_it: Callable[[], list[httpx.Response]], stage: "LocalStage"
) -> None:
    from infra.components.table import TABLE_ACTIONS  # noqa: PLC0415 - imports Pulumi

    for action in TABLE_ACTIONS:
        with changed_role_policy(stage, f'"{action}"', '"dynamodb:DescribeTable"'):
            failed = [answer for answer in use_it() if answer.status_code == 500]
        assert failed, action
        assert "AccessDenied" not in failed[0].text, action


def test_the_index_is_read_by_a_permission_of_its_own(
    use_it: Callable[[], list[httpx.Response]], stage: "LocalStage"
) -> None:
    with changed_role_policy(stage, "/index/", "/no-index/"):
        (failed,) = [answer for answer in use_it() if answer.is_error]
    assert failed.status_code == 500
    assert failed.url.path.endswith("/analytics/top-content")
