"""The IAM role of the function, with the statements given to it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pulumi_aws as aws

if TYPE_CHECKING:
    from infra.settings.groups import FunctionSettings

type Statement = dict[str, Any]
"""A statement of an IAM policy, without its effect: `Sid`, `Action` and `Resource`."""

_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    """Arguments of the role."""

    settings: "FunctionSettings"
    grants: Sequence[Statement]
    """The statements to allow, from the owners of the resources."""


def create_role(
    name: str, args: RoleArgs, opts: pulumi.ResourceOptions
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """Register the role and its policy; the function must not run before the policy exists."""
    settings = args.settings
    role = aws.iam.Role(
        name,
        name=settings.name,
        description="What the function may do.",
        assume_role_policy=json.dumps(_TRUST),
        permissions_boundary=settings.permissions_boundary,
        tags=settings.tags,
        opts=opts,
    )
    allowed = [{"Effect": "Allow", **statement} for statement in args.grants]
    policy = aws.iam.RolePolicy(
        name,
        name=settings.name,
        role=role.name,
        policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": allowed}),
        opts=opts,
    )
    return role, policy
