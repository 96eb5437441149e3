"""The program with all optional resources, created on the emulator with AWS's API calls."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from infra.errors import LocalStageError
from infra.package import HANDLER
from infra.paths import PROJECT
from tests.local_stage import deploy_beside

if TYPE_CHECKING:
    from portfolio.local.clients import EmulatorClients
    from portfolio.local.stage import LocalStage

NAME = f"whole-{PROJECT}"
DOMAIN = "api.example.com"


@pytest.fixture(scope="session")
def clients(stage: "LocalStage") -> "EmulatorClients":
    return stage.code.clients


@pytest.fixture(scope="session")
def zone(clients: "EmulatorClients") -> str:
    made = clients.route53.create_hosted_zone(Name="example.com", CallerReference="tests")
    return made["HostedZone"]["Id"]


@pytest.fixture(scope="session")
def outputs(stage: "LocalStage", zone: str) -> dict[str, str]:
    assert zone
    return deploy_beside(
        stage,
        environment="whole",
        domainName=DOMAIN,
        hostedZone="example.com",
        alarmEmail="me@example.com",
        budgetAmount="25",
        snapStart="true",
        reservedConcurrency="5",
    )


@pytest.fixture
def records(
    outputs: dict[str, str], clients: "EmulatorClients", zone: str
) -> dict[tuple[str, str], Any]:
    assert outputs
    sets = clients.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return {(each["Name"], each["Type"]): each for each in sets}


def test_the_api_url_is_the_domains(outputs: dict[str, str]) -> None:
    assert outputs["api_url"] == f"https://{DOMAIN}"


def test_the_certificates_proof_is_in_the_zone(
    records: dict[tuple[str, str], Any], clients: "EmulatorClients"
) -> None:
    (certificate,) = clients.acm.list_certificates()["CertificateSummaryList"]
    details = clients.acm.describe_certificate(
        CertificateArn=certificate.get("CertificateArn", "")
    )["Certificate"]
    assert (details.get("DomainName"), details.get("Status")) == (DOMAIN, "ISSUED")
    (option,) = details.get("DomainValidationOptions", [])
    proof: Any = option.get("ResourceRecord")
    (value,) = records[proof["Name"], "CNAME"]["ResourceRecords"]
    assert value["Value"] == proof["Value"]


def test_the_domain_answers_with_the_api_on_ipv4_and_ipv6(
    records: dict[tuple[str, str], Any], clients: "EmulatorClients"
) -> None:
    (made,) = clients.api_gateway.get_domain_name(DomainName=DOMAIN)["DomainNameConfigurations"]
    assert made.get("SecurityPolicy") == "TLS_1_2"
    for record_type in ("A", "AAAA"):
        target = records[f"{DOMAIN}.", record_type]["AliasTarget"]
        assert target["DNSName"].rstrip(".") == made.get("ApiGatewayDomainName")
        assert target["HostedZoneId"] == made.get("HostedZoneId")
    (mapping,) = clients.api_gateway.get_api_mappings(DomainName=DOMAIN)["Items"]
    api = clients.api_gateway.get_api(ApiId=mapping["ApiId"])
    assert (api.get("Name"), mapping["Stage"]) == (NAME, "$default")
    assert not mapping.get("ApiMappingKey")
    assert api.get("DisableExecuteApiEndpoint") is True


def test_the_topic_takes_alarms_and_tells_the_owner(
    outputs: dict[str, str], clients: "EmulatorClients"
) -> None:
    assert outputs
    (topic,) = [each.get("TopicArn", "") for each in clients.sns.list_topics()["Topics"]]
    assert topic.endswith(f":{NAME}-alarms")
    (subscription,) = clients.sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (subscription.get("Protocol"), subscription.get("Endpoint")) == (
        "email",
        "me@example.com",
    )
    policy = json.loads(clients.sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])
    (statement,) = policy["Statement"]
    arn = f"arn:aws:cloudwatch:us-east-1:000000000000:alarm:{NAME}-*"
    assert statement["Condition"] == {"ArnLike": {"aws:SourceArn": arn}}


def count_errors(clients: "EmulatorClients", function: str) -> float:
    """Return the crashes of a function in the last hour."""
    now = datetime.now(UTC)
    points = clients.cloudwatch.get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point.get("Sum", 0) for point in points)


def test_a_crash_of_the_function_sets_off_its_alarm(
    outputs: dict[str, str], clients: "EmulatorClients"
) -> None:
    name, function = f"{NAME}-function-errors", outputs["function_name"]
    (alarm,) = clients.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm.get("Dimensions") == [{"Name": "FunctionName", "Value": function}]
    # The emulator's alarm counts the crashes of every function, other tests' too.
    assert count_errors(clients, function) == 0
    # The published versions, live among them, keep their handler.
    clients.functions.update_function_configuration(FunctionName=function, Handler="src.main.none")
    try:
        answer = clients.functions.invoke(FunctionName=function)
    finally:
        clients.functions.update_function_configuration(FunctionName=function, Handler=HANDLER)
    assert answer.get("FunctionError")
    assert count_errors(clients, function) == 1
    deadline = time.monotonic() + 5
    while alarm.get("StateValue") != "ALARM":
        assert time.monotonic() < deadline, alarm
        # The emulator evaluates its alarms when it receives metrics.
        clients.cloudwatch.put_metric_data(
            Namespace="Tests", MetricData=[{"MetricName": "Clock", "Value": 1}]
        )
        (alarm,) = clients.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm.get("AlarmActions")


def test_the_dashboard_is_valid(outputs: dict[str, str], clients: "EmulatorClients") -> None:
    assert outputs
    body = clients.cloudwatch.get_dashboard(DashboardName=NAME)["DashboardBody"]
    assert len(json.loads(body)["widgets"]) == 8


def test_the_function_starts_from_a_snapshot_and_has_its_concurrency(
    outputs: dict[str, str], clients: "EmulatorClients"
) -> None:
    name = outputs["function_name"]
    version = clients.functions.get_function(FunctionName=name, Qualifier="live")
    assert version["Configuration"].get("SnapStart", {}).get("ApplyOn") == "PublishedVersions"
    concurrency = clients.functions.get_function_concurrency(FunctionName=name)
    assert concurrency["ReservedConcurrentExecutions"] == 5


def test_what_is_not_emulated_is_declared_and_short() -> None:
    from portfolio.local.resources import NOT_EMULATED  # noqa: PLC0415 - imports Pulumi

    assert list(NOT_EMULATED) == ["aws:cloudwatch/queryDefinition:QueryDefinition"]


def test_a_zone_that_is_not_there_is_one_clear_line(stage: "LocalStage") -> None:
    with pytest.raises(LocalStageError, match=r"The emulator has no hosted zone example\.org\."):
        deploy_beside(
            stage, environment="lost", domainName="api.example.org", hostedZone="example.org"
        )
