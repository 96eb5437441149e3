"""The permissions of the role for backups: reading, and only the items of the stages' tables."""

from typing import Any

from infra.bootstrap.permissions.grant import Grant, Limit, Scope, policy_of


def backup_policy(scope: Scope) -> dict[str, Any]:
    """Return the policy of `portfolio content export`."""
    grant = Grant(
        sid="Items",
        actions=("dynamodb:BatchGetItem", "dynamodb:Query"),
        resources=("dynamodb:{region}:{account}:table/{name}",),
        limit=Limit.NAME,
    )
    return policy_of([grant], scope)
