"""The permissions of a deploy role: all calls of the stages' program, limited to its own stages.

Tests compare these grants with the calls of the AWS provider for each type of resource. They
also try calls to other stages and ways to gain more power, and check the actions, resources and
conditions against AWS's Service Authorization Reference.
"""

from typing import Any

from infra.bootstrap.permissions.boundary import boundary_policy
from infra.bootstrap.permissions.data import BACKUP_GRANTS, DATA_GRANTS
from infra.bootstrap.permissions.exceptions import EXCEPTIONS
from infra.bootstrap.permissions.function import FUNCTION_GRANTS, role_grants
from infra.bootstrap.permissions.gateway import GATEWAY_GRANTS, domain_grants
from infra.bootstrap.permissions.grant import Grant, Limit, Scope, policy_of
from infra.bootstrap.permissions.monitoring import MONITORING_GRANTS, alarm_grants
from infra.bootstrap.permissions.state import state_policy


def deploy_grants(scope: Scope) -> dict[str, tuple[Grant, ...]]:
    """Return all grants of a deploy role for its stages, by policy name."""
    return {
        "function": (*FUNCTION_GRANTS, *role_grants(scope)),
        "data": DATA_GRANTS,
        "gateway": (*GATEWAY_GRANTS, *domain_grants(scope)),
        "monitoring": (*MONITORING_GRANTS, *alarm_grants(scope), *EXCEPTIONS),
    }


def deploy_policies(scope: Scope) -> dict[str, dict[str, Any]]:
    """Return the policies of a deploy role for its stages, by name.

    They are separate because a managed policy can have 6,144 characters at most (IAM quotas).
    """
    return {area: policy_of(grants, scope) for area, grants in deploy_grants(scope).items()}


def backup_policy(scope: Scope) -> dict[str, Any]:
    """Return the policy of the role for backups."""
    return policy_of(BACKUP_GRANTS, scope)


__all__ = [
    "Grant",
    "Limit",
    "Scope",
    "backup_policy",
    "boundary_policy",
    "deploy_grants",
    "deploy_policies",
    "state_policy",
]
