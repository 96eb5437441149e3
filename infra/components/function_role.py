"""The role that the function runs under: the items of its table, its own log, and traces."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

TABLE_ACTIONS: Final = (
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
"""What the backend's repositories do; a transaction needs the actions it is made of."""

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
    """What the role needs to know."""

    name: str
    table_arn: pulumi.Input[str]
    index_arns: Sequence[pulumi.Input[str]]
    """The indexes of the table."""

    log_group_arn: pulumi.Input[str]
    tracing: bool
    """Whether the function sends traces to X-Ray."""

    permissions_boundary: str | None
    """The ARN of the policy that bounds the role."""

    tags: Mapping[str, str]


def create_role(
    name: str, args: RoleArgs, opts: pulumi.ResourceOptions
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """Register the role and the policy without which the function must not run."""
    role = aws.iam.Role(
        name,
        name=args.name,
        description="What the function may do.",
        assume_role_policy=json.dumps(_TRUST),
        permissions_boundary=args.permissions_boundary,
        tags=args.tags,
        opts=opts,
    )
    policy = aws.iam.RolePolicy(
        name,
        name=args.name,
        role=role.name,
        policy=pulumi.Output.json_dumps(_policy(args)),
        opts=opts,
    )
    return role, policy


def _policy(args: RoleArgs) -> dict[str, Any]:
    statements = [*_data_statements(args), *([_TRACES] if args.tracing else [])]
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", **statement} for statement in statements],
    }


def _data_statements(args: RoleArgs) -> list[dict[str, Any]]:
    return [
        {
            "Sid": "Table",
            "Action": list(TABLE_ACTIONS),
            "Resource": args.table_arn,
        },
        {
            "Sid": "Indexes",
            "Action": ["dynamodb:Query"],
            "Resource": list(args.index_arns),
        },
        {
            "Sid": "Logs",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": pulumi.Output.concat(args.log_group_arn, ":*"),
        },
    ]


_TRACES: Final = {
    "Sid": "Traces",
    "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    # X-Ray has no resources to name (Service Authorization Reference).
    "Resource": "*",
}
