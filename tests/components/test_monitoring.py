"""What is watched in which stage, and who is told."""

import json
import re
from typing import Any

import pytest

from infra.components.access_log import ACCESS_LOG_FORMAT
from infra.paths import PROJECT
from infra.settings.files import stage_config
from tests.infra.registration import Registration, register

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "aws:sns/topic:Topic"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
QUERY = "aws:cloudwatch/queryDefinition:QueryDefinition"
BUDGET = "aws:budgets/budget:Budget"
NAME = f"production-{PROJECT}"
LOG_GROUPS = [f"/aws/vendedlogs/{NAME}", f"/aws/lambda/{NAME}"]


@pytest.fixture(scope="module")
def production() -> Registration:
    return register("prod", preview=False)


@pytest.fixture(scope="module")
def alarms(production: Registration) -> dict[str, dict[str, Any]]:
    return {
        each.inputs["name"].removeprefix(f"{NAME}-"): each.inputs
        for each in production.of_type(ALARM)
    }


FUNCTION = {"FunctionName": NAME}
GATEWAY = {"ApiId": "api-id"}
TABLE = {"TableName": f"{NAME}-table"}
WATCHED = {
    "function-errors": ("AWS/Lambda", "Errors", "Sum", FUNCTION),
    "function-throttles": ("AWS/Lambda", "Throttles", "Sum", FUNCTION),
    "function-duration": ("AWS/Lambda", "Duration", "p99", FUNCTION),
    "gateway-5xx": ("AWS/ApiGateway", "5xx", "Sum", GATEWAY),
    "gateway-latency": ("AWS/ApiGateway", "Latency", "p99", GATEWAY),
    "table-read-throttles": ("AWS/DynamoDB", "ReadThrottleEvents", "Sum", TABLE),
    "table-write-throttles": ("AWS/DynamoDB", "WriteThrottleEvents", "Sum", TABLE),
}


def test_every_alarm_watches_a_metric_of_the_stages_own(
    alarms: dict[str, dict[str, Any]],
) -> None:
    single = {
        name: (
            inputs["namespace"],
            inputs["metricName"],
            inputs.get("statistic") or inputs["extendedStatistic"],
            inputs["dimensions"],
        )
        for name, inputs in alarms.items()
        if "metricQueries" not in inputs
    }
    assert single == WATCHED


def test_dynamodbs_own_errors_are_added_up_over_its_operations(
    alarms: dict[str, dict[str, Any]],
) -> None:
    assert set(alarms) - set(WATCHED) == {"table-system-errors"}
    (query,) = alarms["table-system-errors"]["metricQueries"]
    select, _, table = query["expression"].partition(" WHERE ")
    assert select == 'SELECT SUM(SystemErrors) FROM SCHEMA("AWS/DynamoDB", Operation, TableName)'
    assert table == f"TableName = '{NAME}-table'"
    assert (query["period"], query["returnData"]) == (300, True)


def test_an_alarm_goes_off_at_its_threshold_and_stays_quiet_without_requests(
    alarms: dict[str, dict[str, Any]],
) -> None:
    for inputs in alarms.values():
        assert inputs["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert inputs["treatMissingData"] == "notBreaching"
        assert inputs["threshold"] > 0
        assert 1 <= inputs["datapointsToAlarm"] <= inputs["evaluationPeriods"]
        assert "actionsEnabled" not in inputs


def test_a_percentile_of_a_few_requests_counts_too(alarms: dict[str, dict[str, Any]]) -> None:
    for inputs in alarms.values():
        expected = "evaluate" if "extendedStatistic" in inputs else None
        assert inputs.get("evaluateLowSampleCountPercentiles") == expected


def test_every_alarm_mails_and_says_where_to_look(
    alarms: dict[str, dict[str, Any]], production: Registration
) -> None:
    topic = "arn:aws:service:region:123456789012:monitoring-alarms"
    for name, inputs in alarms.items():
        assert inputs["alarmActions"] == [topic]
        _, what_to_do, dashboard = inputs["alarmDescription"].splitlines()
        assert what_to_do == f"What to do: docs/runbook.md#{name}"
        assert dashboard == f"See the dashboard {NAME}."
    subscription = production.only(SUBSCRIPTION).inputs
    assert subscription == {
        "topic": topic,
        "protocol": "email",
        "endpoint": stage_config("prod")[f"{PROJECT}:alarmEmail"],
    }


def test_the_durations_threshold_follows_the_timeout() -> None:
    changed = register("prod", preview=False, config={"timeout": "10"})
    (duration,) = [
        each.inputs for each in changed.of_type(ALARM) if each.name.endswith("function-duration")
    ]
    assert duration["threshold"] == 8000
    assert "10 s" in duration["alarmDescription"]
    assert '"value": 10000' in changed.only(DASHBOARD).inputs["dashboardBody"]


def test_only_the_stages_alarms_may_publish_to_its_topic(production: Registration) -> None:
    document = json.loads(production.only("aws:sns/topicPolicy:TopicPolicy").inputs["policy"])
    assert document["Statement"] == [
        {
            "Sid": "Alarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": "arn:aws:service:region:123456789012:monitoring-alarms",
            "Condition": {
                "ArnLike": {
                    "aws:SourceArn": f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{NAME}-*"
                }
            },
        }
    ]


def test_without_an_address_nobody_is_told_and_no_alarm_costs() -> None:
    quiet = register("dev", preview=False)
    assert not [each for each in quiet.resources if each.type in {ALARM, TOPIC, SUBSCRIPTION}]
    told = register("dev", preview=False, config={"alarmEmail": "me@example.com"})
    assert len(told.of_type(ALARM)) == len(WATCHED) + 1
    assert told.only(SUBSCRIPTION).inputs["endpoint"] == "me@example.com"


def widgets(registration: Registration) -> dict[str, dict[str, Any]]:
    body = json.loads(registration.only(DASHBOARD).inputs["dashboardBody"])
    return {each["properties"]["title"]: each for each in body["widgets"]}


def test_the_dashboard_shows_the_alarms_first(production: Registration) -> None:
    by_title = widgets(production)
    assert next(iter(by_title)) == "Alarms"
    assert len(by_title["Alarms"]["properties"]["alarms"]) == len(WATCHED) + 1
    assert "Alarms" not in widgets(register("dev", preview=False))


def test_the_dashboard_shows_every_metric_that_an_alarm_watches(production: Registration) -> None:
    shown = {
        (line[0], line[1], tuple(line[2:4]))
        for widget in widgets(production).values()
        for line in widget["properties"].get("metrics", [])
    }
    for namespace, metric, _, dimensions in WATCHED.values():
        assert (namespace, metric, *dimensions.items()) in shown


def test_a_stages_dashboard_is_one_of_the_three_that_are_free(production: Registration) -> None:
    # Free are three dashboards of at most 50 metrics (CloudWatch pricing).
    body = json.loads(production.only(DASHBOARD).inputs["dashboardBody"])
    lines = [line for each in body["widgets"] for line in each["properties"].get("metrics", [])]
    assert len(lines) <= 50


def test_every_widget_names_the_stages_region() -> None:
    elsewhere = register("dev", preview=False, config={"region": "eu-west-1"})
    assert {each["properties"]["region"] for each in widgets(elsewhere).values()} == {"eu-west-1"}


def test_slow_and_failed_requests_are_looked_for_in_both_logs(production: Registration) -> None:
    query = production.only(QUERY).inputs
    assert query["logGroupNames"] == LOG_GROUPS
    assert query["name"] == f"{NAME}/slow and failed requests"
    on_dashboard = widgets(production)["Slow and failed requests"]["properties"]["query"]
    sources = "".join(f"SOURCE '{group}' | " for group in LOG_GROUPS)
    assert on_dashboard == sources + query["queryString"]


def test_the_query_asks_for_fields_that_the_logs_have(production: Registration) -> None:
    query = production.only(QUERY).inputs["queryString"]
    # The function's own lines: src/utils/logging.py and src/api/access.py.
    own = {"time", "level", "logger", "requestId", "functionRequestId", "message", "durationMs"}
    known = own | set(ACCESS_LOG_FORMAT) | {"@timestamp", "@message", "milliseconds", "request"}
    fields = query.partition("|")[0].removeprefix("fields")
    asked = set(re.findall(r"@?\w+", fields + " ".join(re.findall(r"(\w+) (?:>=|in)", query))))
    assert asked - {"coalesce", "as"} <= known


def test_a_stage_without_a_dashboard_keeps_its_query_and_alarms() -> None:
    without = register("prod", preview=True, config={"dashboard": "false"})
    assert without.of_type(DASHBOARD) == []
    assert without.only(QUERY)
    alarms = without.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
    assert alarms
    assert not [each for each in alarms if "dashboard" in each.inputs["alarmDescription"]]
    assert register("pr-7", preview=True).of_type(DASHBOARD) == []


def test_every_stage_has_a_dashboard_and_a_query_under_its_name() -> None:
    for stage, name in {"dev": "development", "prod": "production"}.items():
        registration = register(stage, preview=True)
        assert registration.only(DASHBOARD).inputs["dashboardName"] == f"{name}-{PROJECT}"
        assert registration.only(QUERY).inputs["name"].startswith(f"{name}-{PROJECT}/")


def test_the_runbook_may_be_a_page_of_ones_own() -> None:
    page = "https://git.example.com/me/api/blob/main/docs/runbook.md"
    linked = register("prod", preview=True, config={"runbook": page})
    for each in linked.of_type(ALARM):
        name = each.inputs["name"].removeprefix(f"{NAME}-")
        assert f"What to do: {page}#{name}\n" in each.inputs["alarmDescription"]


def test_a_budget_sends_mails_near_and_above_its_amount() -> None:
    with_budget = register("prod", preview=False, config={"budgetAmount": "25"})
    inputs = with_budget.only(BUDGET).inputs
    assert inputs["name"] == f"{NAME}-monthly"
    assert (inputs["budgetType"], inputs["timeUnit"]) == ("COST", "MONTHLY")
    assert (inputs["limitAmount"], inputs["limitUnit"]) == ("25", "USD")
    assert inputs["tags"]["environment"] == "production"
    messages = {
        (each["notificationType"], each["threshold"]): each for each in inputs["notifications"]
    }
    assert set(messages) == {("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)}
    for each in messages.values():
        assert each["comparisonOperator"] == "GREATER_THAN"
        assert each["thresholdType"] == "PERCENTAGE"
        assert each["subscriberEmailAddresses"] == [stage_config("prod")[f"{PROJECT}:alarmEmail"]]


def test_a_budget_needs_no_alarms() -> None:
    config = {"budgetAmount": "25", "budgetEmail": "me@example.com"}
    (budget,) = register("dev", preview=False, config=config).of_type(BUDGET)
    assert {each["subscriberEmailAddresses"][0] for each in budget.inputs["notifications"]} == {
        "me@example.com"
    }


@pytest.mark.parametrize("stack", ["dev", "prod", "pr-12"])
def test_without_an_amount_no_budget_is_created(stack: str) -> None:
    assert register(stack, preview=True).of_type(BUDGET) == []
