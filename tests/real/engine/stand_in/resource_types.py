"""The resource types with special rules in the stand-in.

Other types work too: they have an id, and return their inputs.
Sources: the types' pages in the Pulumi Registry, and AWS's API references.
"""

import secrets
import string
from collections.abc import Callable
from typing import Final

from tests.real.engine.stand_in.gateway_types import GATEWAY_TYPES
from tests.real.engine.stand_in.lambda_types import LAMBDA_TYPES
from tests.real.engine.stand_in.resource_type import Facts, Properties, ResourceType, named_by


def _arn(service: str, prefix: str = "") -> Callable[[Facts], Properties]:
    return lambda facts: {"arn": facts.arn(service, f"{prefix}{facts.id}")}


def _user_pool(facts: Facts) -> Properties:
    endpoint = f"cognito-idp.{facts.region}.amazonaws.com/{facts.id}"
    return {"arn": facts.arn("cognito-idp", f"userpool/{facts.id}"), "endpoint": endpoint}


def _role(facts: Facts) -> Properties:
    return {"arn": f"arn:aws:iam::{facts.account}:role/{facts.id}"}


def _password(facts: Facts) -> Properties:
    letters = string.ascii_letters + string.digits
    return {"result": "".join(secrets.choice(letters) for _ in range(int(facts.inputs["length"])))}


RESOURCE_TYPES: Final[dict[str, ResourceType]] = {
    **GATEWAY_TYPES,
    **LAMBDA_TYPES,
    "aws:cloudwatch/dashboard:Dashboard": ResourceType(
        identify=named_by("dashboardName"),
        replaced_by=frozenset({"dashboardName"}),
        unique=("dashboardName",),
    ),
    "aws:cloudwatch/logGroup:LogGroup": ResourceType(
        identify=named_by("name"),
        compute=_arn("logs", "log-group:"),
        replaced_by=frozenset({"name"}),
        unique=("name",),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ResourceType(
        identify=named_by("name"),
        compute=_arn("cloudwatch", "alarm:"),
        replaced_by=frozenset({"name"}),
        unique=("name",),
    ),
    "aws:cognito/userGroup:UserGroup": ResourceType(
        identify=named_by("userPoolId", "name"),
        replaced_by=frozenset({"userPoolId", "name"}),
        unique=("userPoolId", "name"),
    ),
    "aws:cognito/userPool:UserPool": ResourceType(
        identify=lambda facts: f"{facts.region}_{facts.id[:9]}",
        compute=_user_pool,
        replaced_by=frozenset(
            {"aliasAttributes", "name", "usernameAttributes", "usernameConfiguration"}
        ),
        fixed=frozenset({"schemas"}),
        is_kept=lambda inputs: inputs.get("deletionProtection") == "ACTIVE",
    ),
    "aws:cognito/userPoolClient:UserPoolClient": ResourceType(
        replaced_by=frozenset({"userPoolId", "generateSecret"}),
        imported_id=lambda name: name.partition("/")[2],
    ),
    "aws:dynamodb/table:Table": ResourceType(
        identify=named_by("name"),
        compute=_arn("dynamodb", "table/"),
        replaced_by=frozenset({"name", "hashKey", "rangeKey", "localSecondaryIndexes"}),
        unique=("name",),
        is_kept=lambda inputs: bool(inputs.get("deletionProtectionEnabled")),
    ),
    "aws:iam/role:Role": ResourceType(
        identify=named_by("name"),
        compute=_role,
        replaced_by=frozenset({"name", "path"}),
        unique=("name",),
    ),
    "aws:iam/rolePolicy:RolePolicy": ResourceType(
        identify=named_by("role", "name", separator=":"), replaced_by=frozenset({"name", "role"})
    ),
    "aws:sns/topic:Topic": ResourceType(
        identify=lambda facts: facts.arn("sns", facts.inputs["name"]),
        compute=lambda facts: {"arn": facts.id, "owner": facts.account},
        replaced_by=frozenset({"name"}),
        unique=("name",),
    ),
    "aws:sns/topicSubscription:TopicSubscription": ResourceType(
        replaced_by=frozenset({"endpoint", "protocol", "topic"})
    ),
    "random:index/randomPassword:RandomPassword": ResourceType(compute=_password, replaced_by=None),
}
