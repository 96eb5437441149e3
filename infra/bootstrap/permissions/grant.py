"""A grant, one statement of a deploy role's policies, and how it is limited to its stages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from infra.settings.files import PROJECT

type Conditions = Mapping[str, Mapping[str, str | list[str]]]
"""IAM's operators, their keys, and the values."""


class Limit(Enum):
    """What keeps a statement to the role's own stages."""

    NAME = auto()
    """The resource's name, which its ARN has."""

    TAGS = auto()
    """The tags of the resource, whose ARN has an id that AWS makes up."""

    NEW_TAGS = auto()
    """The tags that the request gives the new resource."""

    TAGGING = auto()
    """Both: a resource that is another stage's keeps its tags, one that is new gets ours.

    While a resource is being made it has none: AWS checks its tagging as a request of its own.
    """

    NOTHING = auto()
    """Nothing: AWS knows no narrower resource, or a condition of the grant's own is enough."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a deploy role is for; the values of a grant's placeholders."""

    region: str
    account: str
    environments: tuple[str, ...]
    """The stages' environments, as IAM's patterns."""

    may_delete_data: bool
    boundary_arn: str
    """The policy that bounds every role it makes."""

    hosted_zone_id: str
    """Empty without a domain."""

    domain_names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Actions on resources, and why they are limited no further."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    """What follows `arn:aws:`; `{name}` stands for all that begins with a stage's name."""

    limit: Limit
    conditions: Conditions = field(default_factory=dict[str, dict[str, str | list[str]]])
    """Beyond those of the limit."""

    deletes_data: tuple[str, ...] = ()
    """Further actions, of a tier whose data may be deleted."""

    reason: str = ""
    """Why a grant without a limit is none too many."""


def policy_of(grants: Iterable[Grant], scope: Scope) -> dict[str, Any]:
    """The grants as an IAM policy."""
    return {
        "Version": "2012-10-17",
        "Statement": [_statement(grant, scope) for grant in grants],
    }


def _statement(grant: Grant, scope: Scope) -> dict[str, Any]:
    actions = grant.actions + (grant.deletes_data if scope.may_delete_data else ())
    conditions = _merge(_limiting(grant.limit, scope), grant.conditions)
    return {
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": [arn for pattern in grant.resources for arn in arns(pattern, scope)],
        **({"Condition": conditions} if conditions else {}),
    }


def arns(pattern: str, scope: Scope) -> list[str]:
    """What a grant's resource stands for, one ARN for each of the tier's environments."""
    if pattern == "*":
        return [pattern]
    names = [f"{environment}-{PROJECT}*" for environment in scope.environments]
    filled = (
        f"arn:aws:{pattern}".format(region=scope.region, account=scope.account, name=name)
        for name in names
    )
    return list(dict.fromkeys(filled))


def _limiting(limit: Limit, scope: Scope) -> dict[str, dict[str, str | list[str]]]:
    """The conditions that keep to the stages' tags."""
    match limit:
        case Limit.NAME | Limit.NOTHING:
            return {}
        case Limit.TAGS:
            keys, suffix = ["aws:ResourceTag"], ""
        case Limit.NEW_TAGS:
            keys, suffix = ["aws:RequestTag"], ""
        case Limit.TAGGING:
            keys, suffix = ["aws:RequestTag", "aws:ResourceTag"], "IfExists"
    return {
        f"StringEquals{suffix}": {f"{key}/project": PROJECT for key in keys},
        f"StringLike{suffix}": {f"{key}/environment": list(scope.environments) for key in keys},
    }


def _merge(first: Conditions, second: Conditions) -> dict[str, dict[str, str | list[str]]]:
    """Both blocks of conditions, operator by operator."""
    operators = {**first, **second}
    return {
        operator: {**first.get(operator, {}), **second.get(operator, {})} for operator in operators
    }
