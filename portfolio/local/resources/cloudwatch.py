"""CloudWatch on the emulator: alarms, dashboards and log groups."""

from typing import Any

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import Created, Inputs, Maker, key_values


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
    if days := inputs.take("retentionInDays"):
        clients.logs.put_retention_policy(logGroupName=name, retentionInDays=int(days))
    groups = clients.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next(group for group in groups if group.get("logGroupName") == name)
    return Created(name, {"arn": group.get("logGroupArn")})


MAKERS: dict[str, Maker] = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": make_alarm,
    "aws:cloudwatch/dashboard:Dashboard": make_dashboard,
    "aws:cloudwatch/logGroup:LogGroup": make_log_group,
}
