"""Changed settings of a deployed stage: each updates only its own properties, in place."""

from collections.abc import Generator
from typing import Any

import pytest

from infra.settings import StageSettings
from infra.settings.problems import KEYS
from tests.real.engine import resource_keys as stage
from tests.real.engine.changes import Key
from tests.real.engine.stage_stack import StageStack, deploy_fork

type Settings = dict[str, Any]

EQUIPPED: Settings = {
    "alarmEmail": "owner@example.com",
    "budgetAmount": 25,
    "budgetEmail": "money@example.com",
    "domainName": "api.example.com",
    "hostedZone": "example.com",
}
"""Settings unused by dev: with them, every resource exists."""

UPDATES: list[tuple[Settings, dict[Key, set[str]]]] = [
    (
        {
            "alarmEmail": "another@example.com",
            "allowedAccounts": ["111111111111", "333333333333"],
            "architecture": "arm64",
            "budgetAmount": 30,
            "corsOrigins": ["https://another.example"],
            "logRetentionDays": 30,
            "memory": 1024,
            "permissionsBoundary": "arn:aws:iam::111111111111:policy/another",
            "protect": True,
            "snapStart": True,
            "throttlingBurst": 7,
            "timeout": 9,
            "tracing": False,
        },
        {
            stage.ACCESS_LOGS: {"retentionInDays"},
            stage.ALARM_MAIL: {"endpoint"},
            stage.ALIAS: {"functionVersion"},
            stage.API: {"corsConfiguration"},
            stage.API_STAGE: {"defaultRouteSettings", "routeSettings"},
            stage.BUDGET: {"limitAmount"},
            stage.DASHBOARD: {"dashboardBody"},
            stage.DURATION_ALARM: {"alarmDescription", "threshold"},
            stage.FUNCTION: {
                *("architectures", "environment", "memorySize"),
                *("snapStart", "timeout", "tracingConfig"),
            },
            stage.FUNCTION_LOGS: {"retentionInDays"},
            stage.PROVIDER: {"allowedAccountIds"},
            stage.ROLE: {"permissionsBoundary"},
            stage.ROLE_POLICY: {"policy"},
            stage.TABLE: {"deletionProtectionEnabled", "pointInTimeRecovery"},
            stage.USER_POOL: {"deletionProtection"},
        },
    ),
    (
        {"budgetEmail": "other@example.com", "logLevel": "ERROR", "throttlingRate": 7},
        {
            stage.ALIAS: {"functionVersion"},
            stage.API_STAGE: {"defaultRouteSettings", "routeSettings"},
            stage.BUDGET: {"notifications"},
            stage.FUNCTION: {"environment"},
        },
    ),
    (
        {"counterShards": 128},
        {stage.ALIAS: {"functionVersion"}, stage.FUNCTION: {"environment"}},
    ),
    ({"pinnedVersion": 7}, {stage.ALIAS: {"functionVersion"}}),
    (
        {
            "containerCommand": "podman",
            "openThrottlingRate": 7,
            "packageEngine": "host",
            "packageImage": "public.ecr.aws/another",
            "packageMaxUnzipped": 100,
            "packageMaxZipped": 20,
            "reservedConcurrency": 7,
        },
        {
            stage.API_STAGE: {"routeSettings"},
            stage.FUNCTION: {"reservedConcurrentExecutions"},
        },
    ),
]
"""New values of settings, and the properties they change.

Settings for the same property are in different sets.
"""

REPLACED = {stage.ALARM_MAIL}
"""A new address needs a new subscription; all other resources are updated."""

ELSEWHERE = {
    *(key for key in KEYS if key.startswith("adopt")),  # test_stack_adoption.py
    "dashboard",  # the test below
    "domainName",
    "hostedZone",
    "gatewayAuthorizer",  # creates routes: test_stack_update.py
    "environment",  # part of every name: another environment is another stage
    "region",  # likewise
    "runbook",  # the test below
    "runtime",  # has only one value
}


@pytest.fixture(scope="module")
def equipped(
    deployed_dev: StageStack, tmp_path_factory: pytest.TempPathFactory
) -> Generator[StageStack]:
    folder = tmp_path_factory.mktemp("equipped")
    with deploy_fork(deployed_dev, folder / "dev", **EQUIPPED) as stack:
        yield stack


@pytest.mark.parametrize(("settings", "properties"), UPDATES)
def test_a_setting_changes_only_what_it_is_about(
    equipped: StageStack, settings: Settings, properties: dict[Key, set[str]]
) -> None:
    changes = equipped.preview(**EQUIPPED | settings)
    assert {key: changes.properties[key] for key in changes.operations} == properties
    replaced = {key for key, done in changes.operations.items() if done == "replace"}
    assert replaced == REPLACED & properties.keys()
    assert set(changes.operations.values()) <= {"update", "replace"}


def test_without_domain_and_mail_nothing_of_them_stays(
    equipped: StageStack, deployed_dev: StageStack
) -> None:
    removed = equipped.state.resources.keys() - deployed_dev.state.resources.keys()
    changes = equipped.preview()
    assert {key for key, done in changes.operations.items() if done == "delete"} == removed
    updated = {key for key, done in changes.operations.items() if done != "delete"}
    assert updated == {stage.API, stage.DASHBOARD}


@pytest.mark.parametrize("settings", [{"dashboard": False}, {"runbook": "https://a.dev/runbook"}])
def test_the_alarms_name_the_dashboard_and_the_runbook(
    equipped: StageStack, settings: Settings
) -> None:
    changes = equipped.preview(**EQUIPPED, **settings)
    removed = changes.operations.pop(stage.DASHBOARD, None)
    assert removed == ("delete" if "dashboard" in settings else None)
    assert changes.operations
    for key in changes.operations:
        assert key.token == stage.DURATION_ALARM.token
        assert changes.properties[key] == {"alarmDescription"}


def test_every_setting_is_tried() -> None:
    settings = {
        field.alias for field in StageSettings.model_fields.values() if ":" not in str(field.alias)
    }
    assert settings == ELSEWHERE.union(*(each for each, _ in UPDATES))
