"""The Lambda function, with its log group, its versions and the alias `live`."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from infra.components.function_role import RoleArgs, Statement, create_role
from infra.components.log_group import LogGroupArgs, create_log_group
from infra.components.names import LIVE
from infra.package import HANDLER, Package
from infra.paths import PROJECT

if TYPE_CHECKING:
    from infra.settings.groups import FunctionSettings

MANIFEST_TAG: Final = "package-manifest"
"""The name of the function's tag with the SHA-256 of its code's manifest."""

_TRACES: Final[Statement] = {
    "Sid": "Traces",
    "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    # X-Ray has no resources to name (Service Authorization Reference).
    "Resource": "*",
}


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    """Arguments of the function."""

    settings: "FunctionSettings"
    package: Package
    """The zip and its manifest."""

    environment: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """The function's environment variables."""

    issuer: pulumi.Input[str]
    """The issuer of the accepted tokens."""

    grants: Sequence[Statement]
    """Permissions for other components' resources, as IAM statements."""


class Function(pulumi.ComponentResource):
    """The function with the zip's code, published as a version behind the alias `live`."""

    name: pulumi.Output[str]
    log_group: pulumi.Output[str]
    alias: pulumi.Output[str]
    alias_invoke_arn: pulumi.Output[str]
    """The ARN for the gateway to call."""

    live_version: pulumi.Output[str]
    """The version behind the alias."""

    def __init__(
        self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:components:Function", name, None, opts)
        logs = self._create_log_group(name, args)
        function = self._create_function(name, args, logs)
        alias = self._create_alias(name, args, function)
        self.name, self.log_group = function.name, logs.name
        self.alias, self.alias_invoke_arn = alias.name, alias.invoke_arn
        self.live_version = alias.function_version
        self.register_outputs({"name": self.name, "log_group": self.log_group})

    def _create_log_group(self, name: str, args: FunctionArgs) -> aws.cloudwatch.LogGroup:
        logs = LogGroupArgs(
            settings=args.settings,
            name=f"/aws/lambda/{args.settings.name}",
            adopt=args.settings.adopt_log_group,
        )
        return create_log_group(name, logs, self)

    def _create_role(
        self, name: str, args: FunctionArgs, logs: aws.cloudwatch.LogGroup
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        write_logs = {
            "Sid": "Logs",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": pulumi.Output.concat(logs.arn, ":*"),
        }
        traces = [_TRACES] if args.settings.tracing else []
        role_args = RoleArgs(settings=args.settings, grants=[*args.grants, write_logs, *traces])
        return create_role(name, role_args, pulumi.ResourceOptions(parent=self))

    def _create_function(
        self, name: str, args: FunctionArgs, logs: aws.cloudwatch.LogGroup
    ) -> aws.lambda_.Function:
        settings, package = args.settings, args.package
        role, policy = self._create_role(name, args, logs)
        return aws.lambda_.Function(
            name,
            name=settings.name,
            description=pulumi.Output.concat("Accepts the tokens of ", args.issuer),
            code=pulumi.FileArchive(str(package.path)),
            source_code_hash=base64.b64encode(bytes.fromhex(package.sha256)).decode(),
            handler=HANDLER,
            runtime=settings.runtime,
            architectures=[settings.architecture],
            memory_size=settings.memory,
            timeout=settings.timeout,
            reserved_concurrent_executions=settings.reserved_concurrency,
            role=role.arn,
            environment={"variables": args.environment},
            logging_config={"log_format": "Text", "log_group": logs.name},
            tracing_config={"mode": "Active" if settings.tracing else "PassThrough"},
            snap_start={"apply_on": "PublishedVersions"} if settings.snap_start else None,
            # The provider publishes a version if code or configuration change, not for tags
            # (terraform-provider-aws, resourceFunctionUpdate).
            publish=True,
            tags={**settings.tags, MANIFEST_TAG: package.manifest_sha256},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _create_alias(
        self, name: str, args: FunctionArgs, function: aws.lambda_.Function
    ) -> aws.lambda_.Alias:
        pinned = args.settings.pinned_version
        return aws.lambda_.Alias(
            f"{name}-{LIVE}",
            name=LIVE,
            description="The version that the gateway calls.",
            function_name=function.name,
            function_version=function.version if pinned is None else str(pinned),
            opts=pulumi.ResourceOptions(parent=self),
        )
