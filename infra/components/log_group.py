"""A log group of a component."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.components.child_options import child_options


@dataclass(frozen=True, kw_only=True)
class LogGroupArgs:
    """What a log group needs to know."""

    name: str
    retention_days: int
    protect: bool
    """Whether it is kept from deletion, and outlives its stack."""

    adopt: str | None
    """Its name, where it is there already."""

    tags: Mapping[str, str]


def create_log_group(
    name: str, args: LogGroupArgs, parent: pulumi.Resource
) -> aws.cloudwatch.LogGroup:
    """Register a log group as a component's child."""
    options = child_options(parent, args.adopt, protect=args.protect)
    options.retain_on_delete = args.protect
    return aws.cloudwatch.LogGroup(
        name,
        name=args.name,
        retention_in_days=args.retention_days,
        tags=args.tags,
        opts=options,
    )
