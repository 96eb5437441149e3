"""The resource types with special rules in the stand-in.

Other types work too: they have an id, and return their inputs.
Sources: the types' pages in the Pulumi Registry, AWS's API references, and for replacements the
source of the provider (`replacements.json`).
"""

import dataclasses
import secrets
import string
from collections.abc import Callable
from typing import Final

from tests.real.engine.stand_in.gateway_types import GATEWAY_TYPES
from tests.real.engine.stand_in.lambda_types import LAMBDA_TYPES
from tests.real.engine.stand_in.replacements import REPLACEMENTS
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


_RULES: Final[dict[str, ResourceType]] = {
    **GATEWAY_TYPES,
    **LAMBDA_TYPES,
    "aws:cloudwatch/dashboard:Dashboard": ResourceType(
        identify=named_by("dashboardName"),
        unique=("dashboardName",),
    ),
    "aws:cloudwatch/logGroup:LogGroup": ResourceType(
        identify=named_by("name"),
        compute=_arn("logs", "log-group:"),
        unique=("name",),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ResourceType(
        identify=named_by("name"),
        compute=_arn("cloudwatch", "alarm:"),
        unique=("name",),
    ),
    "aws:cognito/userGroup:UserGroup": ResourceType(
        identify=named_by("userPoolId", "name"),
        unique=("userPoolId", "name"),
    ),
    "aws:cognito/userPool:UserPool": ResourceType(
        identify=lambda facts: f"{facts.region}_{facts.id[:9]}",
        compute=_user_pool,
        fixed=frozenset({"schemas"}),
        is_kept=lambda inputs: inputs.get("deletionProtection") == "ACTIVE",
    ),
    "aws:cognito/userPoolClient:UserPoolClient": ResourceType(
        imported_id=lambda name: name.partition("/")[2],
    ),
    "aws:dynamodb/table:Table": ResourceType(
        identify=named_by("name"),
        compute=_arn("dynamodb", "table/"),
        unique=("name",),
        is_kept=lambda inputs: bool(inputs.get("deletionProtectionEnabled")),
    ),
    "aws:iam/role:Role": ResourceType(
        identify=named_by("name"),
        compute=_role,
        unique=("name",),
    ),
    "aws:iam/rolePolicy:RolePolicy": ResourceType(identify=named_by("role", "name", separator=":")),
    "aws:sns/topic:Topic": ResourceType(
        identify=lambda facts: facts.arn("sns", facts.inputs["name"]),
        compute=lambda facts: {"arn": facts.id, "owner": facts.account},
        unique=("name",),
    ),
    "random:index/randomPassword:RandomPassword": ResourceType(compute=_password, replaced_by=None),
}


def _with_replacements() -> dict[str, ResourceType]:
    of_aws = {
        token: dataclasses.replace(
            _RULES.get(token, ResourceType()),
            replaced_by=each.replaced.keys(),
            is_regional=each.is_regional,
        )
        for token, each in REPLACEMENTS.items()
    }
    return _RULES | of_aws


RESOURCE_TYPES: Final = _with_replacements()
