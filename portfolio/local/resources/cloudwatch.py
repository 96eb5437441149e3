"""CloudWatch on the emulator: alarms, dashboards and log groups."""

from typing import Any

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import (
    Changer,
    Created,
    Inputs,
    Known,
    Maker,
    Remover,
    again,
    key_values,
)


def make_alarm(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create an alarm on a metric, or on a query of several metrics."""
    name, dimensions = inputs.take("name"), inputs.take("dimensions", {})
    queries = inputs.take_pascal("metricQueries").get("MetricQueries", [])
    request: dict[str, Any] = {
        "AlarmName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        "Metrics": queries,
        "Tags": key_values(inputs.take("tags", {})),
        **inputs.take_pascal(
            "alarmActions",
            "alarmDescription",
            "comparisonOperator",
            "datapointsToAlarm",
            "evaluationPeriods",
            "extendedStatistic",
            "metricName",
            "namespace",
            "period",
            "statistic",
            "threshold",
            "treatMissingData",
        ),
    }
    if samples := inputs.take("evaluateLowSampleCountPercentiles"):
        request["EvaluateLowSampleCountPercentile"] = samples
    clients.cloudwatch.put_metric_alarm(**request)
    (alarm,) = clients.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return Created(name, {"arn": alarm.get("AlarmArn")})


def make_dashboard(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a dashboard."""
    name = inputs.take("dashboardName")
    clients.cloudwatch.put_dashboard(DashboardName=name, DashboardBody=inputs.take("dashboardBody"))
    dashboard = clients.cloudwatch.get_dashboard(DashboardName=name)
    return Created(name, {"dashboardArn": dashboard["DashboardArn"]})


def make_log_group(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a log group with its retention."""
    name = inputs.take("name")
    clients.logs.create_log_group(logGroupName=name, tags=inputs.take("tags", {}))
    _set_retention(clients, name, inputs)
    groups = clients.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next(group for group in groups if group.get("logGroupName") == name)
    return Created(name, {"arn": group.get("logGroupArn")})


def change_log_group(clients: EmulatorClients, inputs: Inputs, known: Known) -> Created:
    """Change the retention of a log group; its events stay."""
    inputs.take("name")
    inputs.take("tags")
    _set_retention(clients, known.id, inputs)
    return Created(known.id, known.outputs)


def _set_retention(clients: EmulatorClients, group: str, inputs: Inputs) -> None:
    if days := inputs.take("retentionInDays"):
        clients.logs.put_retention_policy(logGroupName=group, retentionInDays=int(days))


MAKERS: dict[str, Maker] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": make_alarm,
    "aws:cloudwatch/dashboard:Dashboard": make_dashboard,
    "aws:cloudwatch/logGroup:LogGroup": make_log_group,
}

CHANGERS: dict[str, Changer] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": again(make_alarm),
    "aws:cloudwatch/dashboard:Dashboard": again(make_dashboard),
    "aws:cloudwatch/logGroup:LogGroup": change_log_group,
}
REMOVERS: dict[str, Remover] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": lambda clients, known: (
        clients.cloudwatch.delete_alarms(AlarmNames=[known.id])
    ),
    "aws:cloudwatch/dashboard:Dashboard": lambda clients, known: (
        clients.cloudwatch.delete_dashboards(DashboardNames=[known.id])
    ),
    "aws:cloudwatch/logGroup:LogGroup": lambda clients, known: clients.logs.delete_log_group(
        logGroupName=known.id
    ),
}
