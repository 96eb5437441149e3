"""The alarms of a stage as data: metric, threshold and reason.

Metrics and dimensions are AWS's: Lambda Developer Guide, "Types of metrics for Lambda functions";
API Gateway Developer Guide, "Monitor CloudWatch metrics for HTTP APIs"; DynamoDB Developer Guide,
"Metrics and dimensions".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

FUNCTION: Final = "AWS/Lambda"
GATEWAY: Final = "AWS/ApiGateway"
TABLE: Final = "AWS/DynamoDB"

_SYSTEM_ERRORS: Final = 'SELECT SUM(SystemErrors) FROM SCHEMA("AWS/DynamoDB", Operation, TableName)'

_NEAR_TIMEOUT: Final = 0.8
"""The share of the time limit to report: requests may time out soon."""

_SLOW_ANSWER: Final = 5_000
"""Milliseconds. On a quiet site, the p99 is the slowest request: a cold start of two seconds."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The resources behind the alarms and the dashboard."""

    function_name: pulumi.Input[str]
    timeout: int
    """The function's time limit, in seconds."""

    api_id: pulumi.Input[str]
    table_name: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A CloudWatch metric of one resource."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Sum"


@dataclass(frozen=True, kw_only=True)
class Query:
    """A Metrics Insights query over several metrics."""

    expression: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A limit for a metric; AWS sends an e-mail if the metric reaches it."""

    name: str
    meaning: str
    """The explanation in the e-mail. The alarm's section in the runbook says what to do."""

    metric: Metric | Query
    threshold: float
    """The limit, in the metric's own unit; a value at the limit counts as too high."""

    minutes: int = 5
    """The length of a period."""

    periods: int = 1
    """The number of latest periods to evaluate."""

    breaching: int = 1
    """The number of these periods with a value at or above the limit."""


def alarms(watched: Watched) -> list[Alarm]:
    """Return all alarms of a stage."""
    return [*_function_alarms(watched), *_gateway_alarms(watched), *_table_alarms(watched)]


def _function_alarms(watched: Watched) -> list[Alarm]:
    dimensions = {"FunctionName": watched.function_name}
    return [
        Alarm(
            name="function-errors",
            meaning="The function crashed or ran out of time.",
            metric=Metric(namespace=FUNCTION, name="Errors", dimensions=dimensions),
            # The app answers its own errors. Any other error is a defect, even a single one.
            threshold=1,
        ),
        Alarm(
            name="function-throttles",
            meaning="Requests were refused: the function is at its limit of concurrent executions.",
            metric=Metric(namespace=FUNCTION, name="Throttles", dimensions=dimensions),
            # Each is a visitor without an answer, and more will follow.
            threshold=1,
        ),
        Alarm(
            name="function-duration",
            meaning=f"The slowest requests almost reach the time limit of {watched.timeout} s.",
            metric=Metric(
                namespace=FUNCTION, name="Duration", dimensions=dimensions, statistic="p99"
            ),
            threshold=_NEAR_TIMEOUT * watched.timeout * 1000,
            # One may come from a service; two within a quarter of an hour come from the function.
            periods=3,
            breaching=2,
        ),
    ]


def _gateway_alarms(watched: Watched) -> list[Alarm]:
    dimensions = {"ApiId": watched.api_id}
    return [
        Alarm(
            name="gateway-5xx",
            meaning="Requests failed, or were turned away with 503.",
            metric=Metric(namespace=GATEWAY, name="5xx", dimensions=dimensions),
            # One may come from a deployment, and a reload fixes it.
            threshold=3,
            minutes=15,
        ),
        Alarm(
            name="gateway-latency",
            meaning="Visitors wait.",
            metric=Metric(
                namespace=GATEWAY, name="Latency", dimensions=dimensions, statistic="p99"
            ),
            threshold=_SLOW_ANSWER,
            periods=3,
            breaching=3,
        ),
    ]


def _table_alarms(watched: Watched) -> list[Alarm]:
    """Return the alarms of the table.

    Conflicts of transactions have none: in a crowd they are normal, and each write is tried again.
    If it never succeeds, the answer is 503, and `gateway-5xx` counts it.
    """
    dimensions = {"TableName": watched.table_name}
    return [
        *(
            Alarm(
                name=f"table-{kind.lower()}-throttles",
                meaning=f"The table refuses {kind.lower()}s: one partition gets too many at once.",
                metric=Metric(namespace=TABLE, name=f"{kind}ThrottleEvents", dimensions=dimensions),
                # The SDK retries each request, so a few do no harm.
                threshold=10,
            )
            for kind in ("Read", "Write")
        ),
        Alarm(
            name="table-system-errors",
            meaning="DynamoDB fails: see the AWS Health Dashboard.",
            metric=Query(expression=_system_errors(watched.table_name)),
            # The SDK retries these too.
            threshold=5,
        ),
    ]


def _system_errors(table_name: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return the sum over all operations: DynamoDB counts these errors by operation only."""
    return pulumi.Output.concat(_SYSTEM_ERRORS, " WHERE TableName = '", table_name, "'")
