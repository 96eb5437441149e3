"""The existing function and role with the stage's name. They cannot be adopted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.property_changes import are_ours, read_tags

if TYPE_CHECKING:
    from types_boto3_iam import IAMClient
    from types_boto3_lambda import LambdaClient

    from infra.settings import StageSettings


def find_function_and_role(
    functions: "LambdaClient", roles: "IAMClient", settings: "StageSettings"
) -> Iterator[Subject]:
    """Return the function and the role with the stage's name."""
    for kind, token, tags in (
        ("function", "aws:lambda/function:Function", _function_tags(functions, settings.name)),
        ("role", "aws:iam/role:Role", _role_tags(roles, settings.name)),
    ):
        yield Subject(
            kind=kind,
            resource=f"{token}::function",
            name=settings.name,
            setting=None,
            adopted=None,
            existing=None
            if tags is None
            else Existing(id=settings.name, is_ours=are_ours(tags, settings)),
        )


def _function_tags(client: "LambdaClient", name: str) -> dict[str, str] | None:
    try:
        return client.get_function(FunctionName=name).get("Tags", {})
    except client.exceptions.ResourceNotFoundException:
        return None


def _role_tags(client: "IAMClient", name: str) -> dict[str, str] | None:
    try:
        role = client.get_role(RoleName=name)["Role"]
    except client.exceptions.NoSuchEntityException:
        return None
    return read_tags(role.get("Tags", []))
