"""The Lambda function, with its log group, its versions and the alias that the gateway calls."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pulumi
import pulumi_aws as aws

from infra.components.function_role import RoleArgs, create_role
from infra.components.log_group import LogGroupArgs, create_log_group
from infra.components.names import LIVE

MANIFEST_TAG: Final = "package-manifest"
"""The function's tag that says which manifest describes its code."""


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

    reserved_concurrency: int | None
    """The invocations at once that are kept for it, and its most; None reserves none."""

    snap_start: bool
    """Whether its versions start from a snapshot."""

    tracing: bool
    """Whether its invocations are traced with X-Ray."""

    pinned_version: int | None
    """The version that `live` stays at; None lets it follow the newest."""

    protect_logs: bool
    """Whether its log is kept from deletion, and outlives its stack."""

    adopt_log_group: str | None
    """The name of its log group, where that is there already."""

    log_retention_days: int
    permissions_boundary: str | None
    """The ARN of the policy that bounds the role."""

    environment: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    table_arn: pulumi.Input[str]
    index_arns: Sequence[pulumi.Input[str]]
    """The indexes of the table."""

    tags: Mapping[str, str]


class Function(pulumi.ComponentResource):
    """The function that the zip holds, published as a version behind the alias `live`."""

    name: pulumi.Output[str]
    log_group: pulumi.Output[str]
    alias: pulumi.Output[str]
    alias_invoke_arn: pulumi.Output[str]
    """What the gateway calls."""

    live_version: pulumi.Output[str]
    """The version behind the alias."""

    def __init__(
        self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("portfolio-api:components:Function", name, None, opts)
        logs = self._logs(name, args)
        function = self._function(name, args, logs)
        alias = self._alias(name, args, function)
        self.name, self.log_group = function.name, logs.name
        self.alias, self.alias_invoke_arn = alias.name, alias.invoke_arn
        self.live_version = alias.function_version
        self.register_outputs({"name": self.name, "log_group": self.log_group})

    def _logs(self, name: str, args: FunctionArgs) -> aws.cloudwatch.LogGroup:
        logs = LogGroupArgs(
            name=f"/aws/lambda/{args.name}",
            retention_days=args.log_retention_days,
            protect=args.protect_logs,
            adopt=args.adopt_log_group,
            tags=args.tags,
        )
        return create_log_group(name, logs, self)

    def _function(
        self, name: str, args: FunctionArgs, logs: aws.cloudwatch.LogGroup
    ) -> aws.lambda_.Function:
        role_args = RoleArgs(
            name=args.name,
            table_arn=args.table_arn,
            index_arns=args.index_arns,
            log_group_arn=logs.arn,
            tracing=args.tracing,
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
        )
        role, policy = create_role(name, role_args, pulumi.ResourceOptions(parent=self))
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
            reserved_concurrent_executions=args.reserved_concurrency,
            role=role.arn,
            environment={"variables": args.environment},
            logging_config={"log_format": "Text", "log_group": logs.name},
            tracing_config={"mode": "Active" if args.tracing else "PassThrough"},
            snap_start={"apply_on": "PublishedVersions"} if args.snap_start else None,
            # The provider publishes when code or configuration change, and not for tags
            # (terraform-provider-aws, resourceFunctionUpdate).
            publish=True,
            tags={**args.tags, MANIFEST_TAG: args.manifest_sha256},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _alias(
        self, name: str, args: FunctionArgs, function: aws.lambda_.Function
    ) -> aws.lambda_.Alias:
        pinned = args.pinned_version
        return aws.lambda_.Alias(
            f"{name}-{LIVE}",
            name=LIVE,
            description="The version that the gateway calls.",
            function_name=function.name,
            function_version=function.version if pinned is None else str(pinned),
            opts=pulumi.ResourceOptions(parent=self),
        )
