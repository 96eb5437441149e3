"""The one DynamoDB table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from infra.components.child_options import child_options
from infra.components.protection import refuse_replacement

VIEWS_INDEX: Final = "by-views"
"""The global index that sorts the items of a partition by their number of `views`.

Global, as it can be added to a table that is there already: a local one is only made together
with its table, so a table without it would have to be replaced.
"""

_HASH_KEY: Final = "PK"
_RANGE_KEY: Final = "SK"
_FIXED: Final = ("name", "hashKey", "rangeKey", "localSecondaryIndexes")
"""What DynamoDB decides when it makes a table."""


@dataclass(frozen=True, kw_only=True)
class TableArgs:
    """What a table needs to know."""

    name: str
    protect: bool
    """Whether it is kept from deletion and can be restored to a point in time."""

    guard: pulumi.ResourceHook | None
    """What refuses to delete it, if that is refused."""

    is_replaceable: bool
    """Whether a change that DynamoDB does not take makes another table, with nothing in it."""

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
        table = self._table(name, args)
        if not args.is_replaceable:
            fixed = {
                "name": (table.name, args.name),
                "hashKey": (table.hash_key, _HASH_KEY),
                "rangeKey": (table.range_key, _RANGE_KEY),
                "localSecondaryIndexes": (table.local_secondary_indexes, None),
            }
            refuse_replacement("table", table.name, fixed)
        self.name, self.arn = table.name, table.arn
        self.index_arns = [pulumi.Output.concat(table.arn, "/index/", VIEWS_INDEX)]
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _table(self, name: str, args: TableArgs) -> aws.dynamodb.Table:
        return aws.dynamodb.Table(
            name,
            name=args.name,
            billing_mode="PAY_PER_REQUEST",
            attributes=[
                {"name": _HASH_KEY, "type": "S"},
                {"name": _RANGE_KEY, "type": "S"},
                {"name": "views", "type": "N"},
            ],
            hash_key=_HASH_KEY,
            range_key=_RANGE_KEY,
            global_secondary_indexes=[
                {
                    "name": VIEWS_INDEX,
                    "key_schemas": [
                        {"attribute_name": _HASH_KEY, "key_type": "HASH"},
                        {"attribute_name": "views", "key_type": "RANGE"},
                    ],
                    "projection_type": "KEYS_ONLY",
                }
            ],
            ttl={"attribute_name": "expiresAt", "enabled": True},
            deletion_protection_enabled=args.protect,
            point_in_time_recovery={"enabled": args.protect},
            tags=args.tags,
            opts=child_options(
                self,
                args.adopt,
                protect=args.protect,
                fixed=() if args.is_replaceable else _FIXED,
                guard=args.guard,
            ),
        )
