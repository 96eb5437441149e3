"""The most that any role made by a deploy role can do, whatever policies it is given."""

from typing import Any

from infra.bootstrap.permissions.grant import Grant, Limit, Scope, policy_of
from infra.components.table import TABLE_ACTIONS


def boundary_policy(scope: Scope) -> dict[str, Any]:
    """The permissions boundary of the stages' functions: their tables' items, logs and traces."""
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
            reason="X-Ray has no resources to name",
        ),
    )
    return policy_of(grants, scope)
