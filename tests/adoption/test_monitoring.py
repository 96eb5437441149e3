"""`portfolio adopt --check`: monitoring under the stage's names, which AWS would write over."""

from typing import TYPE_CHECKING

import pytest

from tests.adoption.conftest import Adopt
from tests.adoption.printed import line_of
from tests.adoption.sam_resources import NAME, TAGS, SamAccount

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_sns import SNSClient

ALARM = f"{NAME}-function-errors"


@pytest.fixture
def cloudwatch(account: SamAccount) -> "CloudWatchClient":
    return account.client("cloudwatch")


def put_alarm(cloudwatch: "CloudWatchClient", **tags: str) -> None:
    cloudwatch.put_metric_alarm(
        AlarmName=ALARM,
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Namespace="SAM",
        MetricName="Errors",
        Period=60,
        Statistic="Sum",
        Threshold=1,
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def test_a_dashboard_and_an_alarm_that_up_writes_over_are_told(
    adopt: Adopt, cloudwatch: "CloudWatchClient"
) -> None:
    cloudwatch.put_dashboard(DashboardName=NAME, DashboardBody='{"widgets": []}')
    put_alarm(cloudwatch)
    code, printed = adopt()
    assert code == 0, printed
    told = "exists, and up overwrites it: copy it first to keep it"
    assert line_of(printed, "dashboard ") == f"! dashboard {NAME} {told}"
    assert line_of(printed, "alarm ") == f"! alarm {ALARM} {told}"


def test_a_dashboard_of_a_longer_name_is_nothing_to_us(
    adopt: Adopt, cloudwatch: "CloudWatchClient"
) -> None:
    cloudwatch.put_dashboard(DashboardName=f"{NAME}-other", DashboardBody='{"widgets": []}')
    _, printed = adopt()
    assert "dashboard" not in printed


def test_a_topic_of_the_stages_name_is_in_the_way(adopt: Adopt, account: SamAccount) -> None:
    sns: SNSClient = account.client("sns")
    for name in (f"{NAME}-alarms", "other"):
        sns.create_topic(Name=name)
    code, printed = adopt()
    assert code == 1
    told = f"✗ topic {NAME}-alarms exists, so up would fail: remove or rename it first"
    assert line_of(printed, "topic ") == told


def test_an_alarm_of_the_stages_own_is_not_written_over(
    adopt: Adopt, cloudwatch: "CloudWatchClient"
) -> None:
    put_alarm(cloudwatch, **TAGS)
    _, printed = adopt()
    assert (
        line_of(printed, "alarm ") == f"✓ alarm {ALARM} belongs to the stage, according to its tags"
    )


def test_a_stage_without_alarms_writes_over_none(
    adopt: Adopt, cloudwatch: "CloudWatchClient"
) -> None:
    put_alarm(cloudwatch)
    _, printed = adopt(settings={"alarmEmail": ""})
    assert "alarm" not in printed
