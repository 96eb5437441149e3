"""The one DynamoDB table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from infra.components.adoption import child_options
from infra.protection import keep_data

VIEWS_INDEX: Final = "by-views"
"""The global index that sorts the items of a partition by their number of `views`.

Global, as it can be added to a table that is there already: a local one is only made together
with its table, so a table without it would have to be replaced.
"""


@dataclass(frozen=True, kw_only=True)
class TableArgs:
    """What a table needs to know."""

    name: str
    protect: bool
    """Whether it is kept from deletion and can be restored to a point in time."""

    adopt: str | None
    """The name of the table that is there already and becomes this one; None to make one."""

    tags: Mapping[str, str]


class Table(pulumi.ComponentResource):
    """A table of items found by `PK` and `SK`; those with an `expiresAt` in the past expire."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    index_arns: list[pulumi.Output[str]]

    def __init__(
        self, name: str, args: TableArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("portfolio-api:components:Table", name, None, opts)
        options = child_options(self, args.adopt, protect=args.protect)
        options.hooks = keep_data(args.name) if args.protect else None
        table = aws.dynamodb.Table(
            name,
            name=args.name,
            billing_mode="PAY_PER_REQUEST",
            attributes=[
                {"name": "PK", "type": "S"},
                {"name": "SK", "type": "S"},
                {"name": "views", "type": "N"},
            ],
            hash_key="PK",
            range_key="SK",
            global_secondary_indexes=[
                {
                    "name": VIEWS_INDEX,
                    "key_schemas": [
                        {"attribute_name": "PK", "key_type": "HASH"},
                        {"attribute_name": "views", "key_type": "RANGE"},
                    ],
                    "projection_type": "KEYS_ONLY",
                }
            ],
            ttl={"attribute_name": "expiresAt", "enabled": True},
            deletion_protection_enabled=args.protect,
            point_in_time_recovery={"enabled": args.protect},
            tags=args.tags,
            opts=options,
        )
        self.name, self.arn = table.name, table.arn
        self.index_arns = [pulumi.Output.concat(table.arn, "/index/", VIEWS_INDEX)]
        self.register_outputs({"name": self.name, "arn": self.arn})
