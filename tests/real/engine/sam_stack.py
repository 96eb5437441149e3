"""The resources of an AWS SAM stack in an account, with the names of our stage prod."""

from dataclasses import dataclass
from typing import Any

from infra.paths import PROJECT
from src import SITE
from tests.real.engine import resource_keys as stage
from tests.real.engine.changes import Key
from tests.real.engine.stand_in.account import Account
from tests.real.engine.stand_in.resource_type import Properties

NAME = f"production-{PROJECT}"
DOMAIN = f"api.{SITE}"

type Settings = dict[str, Any]


@dataclass(frozen=True)
class SamStack:
    """The resources of the SAM stack to adopt, and their ids."""

    account: Account
    ids: dict[Key, str]

    @property
    def data_settings(self) -> Settings:
        """The settings to adopt the table, the user pool and their like."""
        return {
            "adoptTable": self.ids[stage.TABLE],
            "adoptUserPool": self.ids[stage.USER_POOL],
            "adoptUserPoolClient": self.ids[stage.CLIENT],
            "adoptOwnerGroup": True,
            "adoptLogGroup": self.ids[stage.FUNCTION_LOGS],
        }

    @property
    def domain_settings(self) -> Settings:
        """The settings to adopt the domain."""
        return {
            "adoptDomain": self.ids[stage.DOMAIN_NAME],
            "adoptCertificate": self.ids[stage.CERTIFICATE],
            "adoptApiMapping": self.ids[stage.API_MAPPING],
        }

    def move_domain(self) -> None:
        """Map the domain to our API, as `aws apigatewayv2 update-api-mapping` does."""
        mapping = self.account.only(stage.API_MAPPING.token)
        mapping.inputs["apiId"] = self.account.only(stage.API.token).id

    def move_domain_back(self) -> None:
        """Map the domain to the old API again."""
        self.account.only(stage.API_MAPPING.token).inputs["apiId"] = "sam"

    def there(self) -> dict[Key, str]:
        """Return the remaining resources and their ids."""
        found = {key: self.account.find(key.token, each) for key, each in self.ids.items()}
        return {key: each.id for key, each in found.items() if each}


def make_sam_stack(account: Account, **table: Any) -> SamStack:
    """Create the resources; `table` sets other inputs of the table."""
    ids: dict[Key, str] = {}

    def make(key: Key, **inputs: Any) -> str:
        ids[key] = account.create(key.token, f"sam-{key.name}", inputs).id
        return ids[key]

    make(stage.TABLE, **_TABLE | table)
    pool = make(stage.USER_POOL, **_POOL)
    make(stage.CLIENT, name="web", userPoolId=pool, explicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
    make(stage.OWNER_GROUP, name="owner", userPoolId=pool)
    make(stage.FUNCTION_LOGS, name=f"/aws/lambda/{NAME}", retentionInDays=7)
    arn = make(stage.CERTIFICATE, domainName=DOMAIN, validationMethod="DNS")
    configuration = {"certificateArn": arn, "endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"}
    make(stage.DOMAIN_NAME, domainName=DOMAIN, domainNameConfiguration=configuration)
    make(stage.API_MAPPING, apiId="sam", domainName=DOMAIN, stage="$default")
    alias = {"name": "d-target.execute-api.us-east-1.amazonaws.com", "zoneId": "Z1UJRXOUMOOFQ8"}
    make(stage.IPV4_ADDRESS, zoneId="Z0STANDIN", name=DOMAIN, type="A", aliases=[alias])
    account.calls.clear()
    return SamStack(account, ids)


_TABLE: Properties = {
    "name": f"{NAME}-table",
    "billingMode": "PAY_PER_REQUEST",
    "hashKey": "PK",
    "rangeKey": "SK",
    "attributes": [{"name": "PK", "type": "S"}, {"name": "SK", "type": "S"}],
}
_POOL: Properties = {
    "name": "portfolio-users",
    "usernameAttributes": ["email"],
    "autoVerifiedAttributes": ["email"],
    "schemas": [
        {"name": "email", "attributeDataType": "String", "required": True},
        {"name": "name", "attributeDataType": "String", "required": True},
    ],
    "deletionProtection": "INACTIVE",
}
