"""The SAM stack of the old deployment on the emulator: its table, pool, domain and content."""

import json
from dataclasses import dataclass
from typing import Any, Final

from tests.adoption.old_pool import OldPool, make_old_pool
from tests.adoption.sam_resources import DOMAIN, TABLE, SamAccount

STACK: Final = "production-portfolio-backend-api"
OWNER: Final = "ann@example.com"
POST: Final = "11111111-1111-4111-8111-111111111111"
_MOMENT: Final = "2025-12-30T09:15:00.123456+00:00"
_TEMPLATE: Final[Any] = {
    "Resources": {
        "PortfolioTable": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "TableName": TABLE,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": name, "AttributeType": "S"}
                    for name in ("PK", "SK", "GSI1PK", "GSI1SK")
                ],
                "KeySchema": [
                    {"AttributeName": "PK", "KeyType": "HASH"},
                    {"AttributeName": "SK", "KeyType": "RANGE"},
                ],
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": "GSI1",
                        "KeySchema": [
                            {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                            {"AttributeName": "GSI1SK", "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
            },
        }
    }
}


@dataclass(frozen=True)
class OldStack:
    """The deployment before the move."""

    account: SamAccount
    pool: OldPool

    def list_keys(self, table: str = TABLE) -> set[str]:
        """Return the partition keys in a table."""
        items = self.account.client("dynamodb").scan(TableName=table)["Items"]
        return {item["PK"]["S"] for item in items}

    def mapped_api(self) -> str:
        """Return the id of the API behind the domain."""
        mappings = self.account.client("apigatewayv2").get_api_mappings(DomainName=DOMAIN)
        return mappings["Items"][0]["ApiId"]


def make_old_stack(account: SamAccount) -> OldStack:
    """Create the deployment with a post, its views, a day of visits and an owner."""
    cloudformation = account.client("cloudformation")
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(_TEMPLATE))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1}
    )
    # The emulator's CloudFormation sets no expiry.
    account.expire_by("ExpiresAt")
    dynamodb = account.client("dynamodb")
    for item in _items():
        dynamodb.put_item(TableName=TABLE, Item=item)
    pool = make_old_pool(account)
    pool.make_user(OWNER, role="owner")
    account.make_zone()
    account.make_edge_domain(account.make_certificate())
    return OldStack(account, pool)


def _items() -> list[dict[str, Any]]:
    published = {"S": "PUBLISHED"}
    post = {
        **{name: {"S": "A post"} for name in ("title", "excerpt", "content")},
        **{name: {"S": _MOMENT} for name in ("publishedAt", "createdAt", "updatedAt")},
        "id": {"S": POST},
        "slug": {"S": "a-post"},
        "category": {"S": "Cloud"},
        "tags": {"L": [{"S": "aws"}]},
        "readTime": {"N": "1"},
    }
    return [
        {
            **_keys(f"BLOG#{POST}", "METADATA", "BLOG"),
            "GSI1PK": {"S": "BLOG#STATUS#PUBLISHED"},
            "GSI1SK": {"S": f"BLOG#{_MOMENT}"},
            "Status": published,
            "Data": {"M": {**post, "Status": published}},
        },
        {
            **_keys(f"ANALYTICS#blog#{POST}", "VIEWS", "ANALYTICS_VIEW"),
            "GSI1PK": {"S": "ANALYTICS#blog"},
            "GSI1SK": {"S": "ANALYTICS#VIEWS#0000000042"},
            "Data": {
                "M": {
                    "contentId": {"S": POST},
                    "contentType": {"S": "blog"},
                    "viewCount": {"N": "42"},
                    "lastViewed": {"S": _MOMENT},
                }
            },
        },
        {
            **_keys("VISITOR#DAILY#2026-01-02", "COUNT", "VISITOR_DAILY"),
            "Data": {"M": {"date": {"S": "2026-01-02"}, "count": {"N": "17"}}},
        },
        {
            **_keys("VISITOR#TOTAL", "COUNT", "VISITOR_TOTAL"),
            "Data": {"M": {"totalCount": {"N": "1234"}, "lastUpdated": {"S": _MOMENT}}},
        },
    ]


def _keys(partition: str, sort: str, kind: str) -> dict[str, Any]:
    return {"PK": {"S": partition}, "SK": {"S": sort}, "EntityType": {"S": kind}}
