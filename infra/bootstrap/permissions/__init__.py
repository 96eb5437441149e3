"""What a deploy role may do: everything the stages' program needs, on its own stages.

Tests hold these grants against what the AWS provider calls for each type of resource, against
other stages, against ways to more power, and against the actions, resources and conditions that
AWS has (Service Authorization Reference).
"""

from typing import Any

from infra.bootstrap.permissions.boundary import boundary_policy
from infra.bootstrap.permissions.data import DATA_GRANTS
from infra.bootstrap.permissions.exceptions import EXCEPTIONS
from infra.bootstrap.permissions.function import FUNCTION_GRANTS, role_grants
from infra.bootstrap.permissions.gateway import GATEWAY_GRANTS, domain_grants
from infra.bootstrap.permissions.grant import Grant, Limit, Scope, policy_of
from infra.bootstrap.permissions.monitoring import MONITORING_GRANTS, alarm_grants
from infra.bootstrap.permissions.state import state_policy


def deploy_grants(scope: Scope) -> dict[str, tuple[Grant, ...]]:
    """All grants of a deploy role for its stages, by the policy they belong to."""
    return {
        "function": (*FUNCTION_GRANTS, *role_grants(scope)),
        "data": DATA_GRANTS,
        "gateway": (*GATEWAY_GRANTS, *domain_grants(scope)),
        "monitoring": (*MONITORING_GRANTS, *alarm_grants(scope), *EXCEPTIONS),
    }


def deploy_policies(scope: Scope) -> dict[str, dict[str, Any]]:
    """A deploy role's policies for its stages, by name.

    More than one, as a managed policy has at most 6,144 characters (IAM quotas).
    """
    return {area: policy_of(grants, scope) for area, grants in deploy_grants(scope).items()}


__all__ = [
    "Grant",
    "Limit",
    "Scope",
    "boundary_policy",
    "deploy_grants",
    "deploy_policies",
    "state_policy",
]
