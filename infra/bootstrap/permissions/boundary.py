"""The permissions boundary of the roles created by a deploy role."""

from typing import Any

from infra.bootstrap.permissions.grant import Grant, Limit, Scope, policy_of
from infra.components.table import TABLE_ACTIONS


def boundary_policy(scope: Scope) -> dict[str, Any]:
    """Return the boundary of the functions' roles: their tables' items, logs and traces."""
    grants = (
        Grant(
            sid="Tables",
            actions=TABLE_ACTIONS,
            resources=("dynamodb:{region}:{account}:table/{name}",),
            limit=Limit.NAME,
        ),
        Grant(
            sid="Logs",
            actions=("logs:CreateLogStream", "logs:PutLogEvents"),
            resources=("logs:{region}:{account}:log-group:/aws/lambda/{name}",),
            limit=Limit.NAME,
        ),
        Grant(
            sid="Traces",
            actions=("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
            resources=("*",),
            limit=Limit.NOTHING,
            reason="X-Ray has no resource ARNs",
        ),
    )
    return policy_of(grants, scope)
