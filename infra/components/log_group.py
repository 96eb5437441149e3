"""A log group of a component."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from infra.components.child_options import child_options

if TYPE_CHECKING:
    from infra.settings.groups import ComponentSettings


@dataclass(frozen=True, kw_only=True)
class LogGroupArgs:
    """Arguments of a log group."""

    settings: "ComponentSettings"
    """If they protect data, the log group cannot be deleted, and outlives its stack."""

    name: str
    adopt: str | None
    """The name of the existing log group to adopt; None creates one."""


def create_log_group(
    name: str, args: LogGroupArgs, parent: pulumi.Resource
) -> aws.cloudwatch.LogGroup:
    """Register a log group as a component's child."""
    settings = args.settings
    opts = child_options(parent, args.adopt, protect=settings.protect)
    opts.retain_on_delete = settings.protect
    return aws.cloudwatch.LogGroup(
        name,
        name=args.name,
        retention_in_days=settings.log_retention_days,
        tags=settings.tags,
        opts=opts,
    )
