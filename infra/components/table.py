"""The DynamoDB table."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from infra.components.child_options import child_options
from infra.components.function_role import Statement
from infra.components.protection import refuse_replacement
from infra.paths import PROJECT

if TYPE_CHECKING:
    from infra.settings.groups import TableSettings

TABLE_ACTIONS: Final = (
    "dynamodb:BatchGetItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
"""The actions of the backend's repositories; a transaction needs the actions of its parts."""

VIEWS_INDEX: Final = "by-views"
"""The global index to sort the items of a partition by their number of `views`.

DynamoDB can add a global index to an existing table. A local index is only created together with
its table, so a table without it would have to be replaced.
"""

_HASH_KEY: Final = "PK"
_RANGE_KEY: Final = "SK"
_FIXED: Final = ("name", "hashKey", "rangeKey", "localSecondaryIndexes")
"""Properties DynamoDB cannot change once a table exists."""


@dataclass(frozen=True, kw_only=True)
class TableArgs:
    """Arguments of the table."""

    settings: "TableSettings"
    guard: pulumi.ResourceHook
    """The hook to stop a protected table's deletion."""

    @property
    def name(self) -> str:
        """The table's name."""
        return self.settings.table_name

    @property
    def protect(self) -> bool:
        """True if the table must not be deleted, and can be restored to a point in time."""
        return self.settings.protect or self.settings.adopt_table is not None


class Table(pulumi.ComponentResource):
    """A table with the keys `PK` and `SK`; items expire at their `expiresAt`."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    grants: list[Statement]
    """IAM statements to read and write the items."""

    def __init__(
        self, name: str, args: TableArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:components:Table", name, None, opts)
        table = self._create_table(name, args)
        if not args.settings.may_lose_data:
            fixed = {
                "name": (table.name, args.name),
                "hashKey": (table.hash_key, _HASH_KEY),
                "rangeKey": (table.range_key, _RANGE_KEY),
                "localSecondaryIndexes": (table.local_secondary_indexes, None),
            }
            refuse_replacement("table", table.name, fixed)
        self.name, self.arn = table.name, table.arn
        self.grants = _grants(table)
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _create_table(self, name: str, args: TableArgs) -> aws.dynamodb.Table:
        settings = args.settings
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
            global_secondary_indexes=[_views_index()],
            ttl={"attribute_name": "expiresAt", "enabled": True},
            deletion_protection_enabled=args.protect,
            point_in_time_recovery={"enabled": args.protect},
            tags=settings.tags,
            opts=child_options(
                self,
                settings.adopt_table,
                protect=args.protect,
                fixed=() if settings.may_lose_data else _FIXED,
                guard=args.guard if args.protect else None,
            ),
        )


def _views_index() -> aws.dynamodb.TableGlobalSecondaryIndexArgsDict:
    return {
        "name": VIEWS_INDEX,
        "key_schemas": [
            {"attribute_name": _HASH_KEY, "key_type": "HASH"},
            {"attribute_name": "views", "key_type": "RANGE"},
        ],
        "projection_type": "KEYS_ONLY",
    }


def _grants(table: aws.dynamodb.Table) -> list[Statement]:
    index_arn = pulumi.Output.concat(table.arn, "/index/", VIEWS_INDEX)
    return [
        {"Sid": "Table", "Action": list(TABLE_ACTIONS), "Resource": table.arn},
        {"Sid": "Indexes", "Action": ["dynamodb:Query"], "Resource": [index_arn]},
    ]
