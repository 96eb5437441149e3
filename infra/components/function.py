"""The Lambda function, with its role, its log group and the alias that the gateway calls."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pulumi
import pulumi_aws as aws

LIVE: Final = "live"
"""The alias that the gateway calls."""

MANIFEST_TAG: Final = "package-manifest"
"""The function's tag that says which manifest describes its code."""

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
class FunctionArgs:
    """What the function needs to know."""

    name: str
    archive: Path
    """The zip."""

    sha256: str
    """Of the zip, in hex."""

    manifest_sha256: str
    """Of the manifest beside the zip, in hex."""

    handler: str
    runtime: str
    architecture: str
    memory: int
    """In MB."""

    timeout: int
    """In seconds."""

    log_retention_days: int
    permissions_boundary: str | None
    """The ARN of the policy that bounds the role."""

    environment: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    table_arn: pulumi.Input[str]
    index_arns: Sequence[pulumi.Input[str]]
    """The indexes of the table."""

    tags: Mapping[str, str]


class Function(pulumi.ComponentResource):
    """The function that the zip holds, whose latest version stands behind the alias `live`."""

    name: pulumi.Output[str]
    log_group: pulumi.Output[str]
    alias: pulumi.Output[str]
    alias_invoke_arn: pulumi.Output[str]
    """What the gateway calls."""

    def __init__(
        self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("portfolio-api:components:Function", name, None, opts)
        logs = aws.cloudwatch.LogGroup(
            name,
            name=f"/aws/lambda/{args.name}",
            retention_in_days=args.log_retention_days,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        role, policy = self._role(name, args, logs)
        function = self._function(name, args, logs, role, policy)
        alias = aws.lambda_.Alias(
            f"{name}-{LIVE}",
            name=LIVE,
            description="The version that the gateway calls.",
            function_name=function.name,
            function_version=function.version,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name, self.log_group = function.name, logs.name
        self.alias, self.alias_invoke_arn = alias.name, alias.invoke_arn
        self.register_outputs({"name": self.name, "log_group": self.log_group})

    def _role(
        self, name: str, args: FunctionArgs, logs: aws.cloudwatch.LogGroup
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            name,
            name=args.name,
            description="What the function may do.",
            assume_role_policy=json.dumps(_TRUST),
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = aws.iam.RolePolicy(
            name,
            name=args.name,
            role=role.name,
            policy=pulumi.Output.json_dumps(_policy(args, logs.arn)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return role, policy

    def _function(
        self,
        name: str,
        args: FunctionArgs,
        logs: aws.cloudwatch.LogGroup,
        role: aws.iam.Role,
        policy: aws.iam.RolePolicy,
    ) -> aws.lambda_.Function:
        return aws.lambda_.Function(
            name,
            name=args.name,
            code=pulumi.FileArchive(str(args.archive)),
            source_code_hash=base64.b64encode(bytes.fromhex(args.sha256)).decode(),
            handler=args.handler,
            runtime=args.runtime,
            architectures=[args.architecture],
            memory_size=args.memory,
            timeout=args.timeout,
            role=role.arn,
            environment={"variables": args.environment},
            logging_config={"log_format": "Text", "log_group": logs.name},
            tracing_config={"mode": "Active"},
            publish=True,
            tags={**args.tags, MANIFEST_TAG: args.manifest_sha256},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )


def _policy(args: FunctionArgs, log_group_arn: pulumi.Input[str]) -> dict[str, Any]:
    """The table's items and indexes, its own log streams, and traces: nothing else."""
    statements: list[dict[str, Any]] = [
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
            "Resource": pulumi.Output.concat(log_group_arn, ":*"),
        },
        {
            # X-Ray has no resources to name (Service Authorization Reference).
            "Sid": "Traces",
            "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
            "Resource": "*",
        },
    ]
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", **statement} for statement in statements],
    }
