"""When a stage tells someone: each alarm's metric, threshold and reason, as data.

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
"""The share of the time limit from which requests are about to be cut off."""

_SLOW_ANSWER: Final = 5_000
"""Milliseconds. On a quiet site the p99 is its slowest request, a cold start of two seconds."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What the alarms and the dashboard look at."""

    function_name: pulumi.Input[str]
    timeout: int
    """The function's, in seconds."""

    api_id: pulumi.Input[str]
    table_name: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One of CloudWatch's metrics, for one resource."""

    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str = "Sum"


@dataclass(frozen=True, kw_only=True)
class Query:
    """A Metrics Insights query, for what no single metric has."""

    expression: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A value that is worth a mail."""

    name: str
    meaning: str
    """What has happened, for whoever gets the mail."""

    metric: Metric | Query
    threshold: float
    """The lowest value that is too high, in the metric's own unit."""

    minutes: int = 5
    """How long a period is."""

    periods: int = 1
    """The latest periods that are looked at."""

    breaching: int = 1
    """How many of them must be too high."""


def alarms(watched: Watched) -> list[Alarm]:
    """Every alarm of a stage."""
    return [*_function_alarms(watched), *_gateway_alarms(watched), *_table_alarms(watched)]


def _function_alarms(watched: Watched) -> list[Alarm]:
    dimensions = {"FunctionName": watched.function_name}
    return [
        Alarm(
            name="function-errors",
            meaning="The function crashed or ran out of time.",
            metric=Metric(namespace=FUNCTION, name="Errors", dimensions=dimensions),
            # The app answers its own errors: what is left is a defect, the first time too.
            threshold=1,
        ),
        Alarm(
            name="function-throttles",
            meaning="Requests were refused: no more of the function may run at once.",
            metric=Metric(namespace=FUNCTION, name="Throttles", dimensions=dimensions),
            # Each is a visitor who got nothing, and more will follow.
            threshold=1,
        ),
        Alarm(
            name="function-duration",
            meaning=f"The slowest requests near the function's time limit of {watched.timeout} s.",
            metric=Metric(
                namespace=FUNCTION, name="Duration", dimensions=dimensions, statistic="p99"
            ),
            threshold=_NEAR_TIMEOUT * watched.timeout * 1000,
            # One may be a passing fault of what it calls; two within a quarter of an hour are ours.
            periods=3,
            breaching=2,
        ),
    ]


def _gateway_alarms(watched: Watched) -> list[Alarm]:
    dimensions = {"ApiId": watched.api_id}
    return [
        Alarm(
            name="gateway-5xx",
            meaning="Requests were answered with a server error.",
            metric=Metric(namespace=GATEWAY, name="5xx", dimensions=dimensions),
            # One may be a deployment's, and a reload mends it.
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
    dimensions = {"TableName": watched.table_name}
    return [
        *(
            Alarm(
                name=f"table-{kind.lower()}-throttles",
                meaning=f"The table refuses {kind.lower()}s: one partition gets too many at once.",
                metric=Metric(namespace=TABLE, name=f"{kind}ThrottleEvents", dimensions=dimensions),
                # Each is tried again: a few cost nobody anything.
                threshold=10,
            )
            for kind in ("Read", "Write")
        ),
        Alarm(
            name="table-system-errors",
            meaning="DynamoDB fails: see the AWS Health Dashboard.",
            metric=Query(expression=_system_errors(watched.table_name)),
            # Likewise tried again.
            threshold=5,
        ),
        Alarm(
            name="table-conflicts",
            meaning="Writes of the same items meet more often than repeating them can settle.",
            metric=Metric(namespace=TABLE, name="TransactionConflict", dimensions=dimensions),
            # A write is tried eight times, so that a burst of visitors is no news.
            threshold=50,
        ),
    ]


def _system_errors(table_name: pulumi.Input[str]) -> pulumi.Output[str]:
    """Those of all operations together: DynamoDB counts them by operation only."""
    return pulumi.Output.concat(_SYSTEM_ERRORS, " WHERE TableName = '", table_name, "'")
