"""The CloudWatch dashboard of a stage, in CloudWatch's JSON.

The format is AWS's: CloudWatch API Reference, "Dashboard body structure and syntax".
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi

from infra.components.alarms import FUNCTION, GATEWAY, TABLE, Watched
from infra.components.log_query import SLOW_AND_FAILED

type Widget = dict[str, Any]
type Line = tuple[str, str]
"""A metric and its statistic."""

_WIDTH: Final = 24
"""Columns of the grid; widgets without a position fill it from left to right."""

_HEIGHT: Final = 6


def dashboard_body(
    watched: Watched,
    region: str,
    log_groups: Sequence[pulumi.Input[str]],
    alarm_arns: Sequence[pulumi.Input[str]],
) -> pulumi.Output[str]:
    """Return the dashboard: alarms, gateway, function, table, slow and failed requests."""
    widgets = [
        *([_alarm_widget(alarm_arns)] if alarm_arns else []),
        *_gateway_widgets(watched, region),
        *_function_widgets(watched, region),
        *_table_widgets(watched, region),
        _log_widget(region, log_groups),
    ]
    return pulumi.Output.json_dumps({"widgets": widgets})


def _gateway_widgets(watched: Watched, region: str) -> list[Widget]:
    dimensions = {"ApiId": watched.api_id}
    return [
        _graph(
            "Requests",
            region,
            _lines(GATEWAY, dimensions, ("Count", "Sum"), ("4xx", "Sum"), ("5xx", "Sum")),
        ),
        _graph(
            "Answered within (ms)",
            region,
            _lines(GATEWAY, dimensions, ("Latency", "p50"), ("Latency", "p90"), ("Latency", "p99")),
        ),
    ]


def _function_widgets(watched: Watched, region: str) -> list[Widget]:
    dimensions = {"FunctionName": watched.function_name}
    limit = {"label": "Time limit", "value": watched.timeout * 1000}
    return [
        _graph(
            "Function",
            region,
            _lines(
                FUNCTION,
                dimensions,
                ("Invocations", "Sum"),
                ("Errors", "Sum"),
                ("Throttles", "Sum"),
                ("ConcurrentExecutions", "Maximum"),
            ),
        ),
        _graph(
            "Function's duration (ms)",
            region,
            _lines(FUNCTION, dimensions, ("Duration", "p50"), ("Duration", "p99")),
            annotations={"horizontal": [limit]},
        ),
    ]


def _table_widgets(watched: Watched, region: str) -> list[Widget]:
    dimensions = {"TableName": watched.table_name}
    return [
        _graph(
            "Table's capacity units",
            region,
            _lines(
                TABLE,
                dimensions,
                ("ConsumedReadCapacityUnits", "Sum"),
                ("ConsumedWriteCapacityUnits", "Sum"),
            ),
        ),
        _graph(
            "Table's refusals",
            region,
            _lines(
                TABLE,
                dimensions,
                ("ReadThrottleEvents", "Sum"),
                ("WriteThrottleEvents", "Sum"),
                ("TransactionConflict", "Sum"),
                ("ConditionalCheckFailedRequests", "Sum"),
            ),
        ),
    ]


def _lines(
    namespace: str, dimensions: Mapping[str, pulumi.Input[str]], *lines: Line
) -> list[list[Any]]:
    pairs = [part for pair in dimensions.items() for part in pair]
    return [
        [namespace, metric, *pairs, {"stat": statistic, "label": _label(metric, statistic)}]
        for metric, statistic in lines
    ]


def _label(metric: str, statistic: str) -> str:
    return f"{metric} {statistic}" if statistic.startswith("p") else metric


def _graph(title: str, region: str, metrics: list[list[Any]], **properties: object) -> Widget:
    return {
        "type": "metric",
        "width": _WIDTH // 2,
        "height": _HEIGHT,
        "properties": {
            "title": title,
            "region": region,
            "metrics": metrics,
            "period": 300,
            **properties,
        },
    }


def _alarm_widget(alarm_arns: Sequence[pulumi.Input[str]]) -> Widget:
    return {
        "type": "alarm",
        "width": _WIDTH,
        "height": _HEIGHT // 2,
        "properties": {"title": "Alarms", "alarms": list(alarm_arns)},
    }


def _log_widget(region: str, log_groups: Sequence[pulumi.Input[str]]) -> Widget:
    sources = [pulumi.Output.concat("SOURCE '", group, "' | ") for group in log_groups]
    return {
        "type": "log",
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": "Slow and failed requests",
            "region": region,
            "view": "table",
            "query": pulumi.Output.concat(*sources, SLOW_AND_FAILED),
        },
    }
