"""A changed setting of a deployed stage changes what it is about, in place, and nothing else."""

from collections.abc import Generator
from typing import Any

import pytest

from infra.settings import StageSettings
from infra.settings.problems import KEYS
from tests.real.engine import resources as stage
from tests.real.engine.changes import Key
from tests.real.engine.stage_stack import StageStack, fork_stage

type Settings = dict[str, Any]

EQUIPPED: Settings = {
    "alarmEmail": "owner@example.com",
    "domainName": "api.example.com",
    "hostedZone": "example.com",
}
"""What dev does without, so that all that settings can change is there."""

NEW_VERSION = {stage.FUNCTION, stage.ALIAS}
UPDATES: list[tuple[Settings, set[Key]]] = [
    ({"allowedAccounts": ["111111111111", "333333333333"]}, {stage.PROVIDER}),
    ({"architecture": "arm64"}, NEW_VERSION),
    ({"corsOrigins": ["https://another.example"]}, {stage.API, *NEW_VERSION}),
    ({"logLevel": "ERROR"}, NEW_VERSION),
    ({"logRetentionDays": 30}, {stage.FUNCTION_LOGS, stage.ACCESS_LOGS}),
    ({"memory": 1024}, NEW_VERSION),
    ({"permissionsBoundary": "arn:aws:iam::111111111111:policy/another"}, {stage.ROLE}),
    ({"pinnedVersion": 7}, {stage.ALIAS}),
    ({"protect": True}, {stage.TABLE, stage.USER_POOL}),
    ({"reservedConcurrency": 7}, {stage.FUNCTION}),
    ({"snapStart": True}, NEW_VERSION),
    ({"throttlingBurst": 7, "throttlingRate": 7}, {stage.API_STAGE}),
    ({"timeout": 9}, {stage.DURATION_ALARM, stage.DASHBOARD, *NEW_VERSION}),
    ({"tracing": False}, {stage.ROLE_POLICY, *NEW_VERSION}),
    (
        {
            "containerCommand": "podman",
            "packageEngine": "host",
            "packageImage": "public.ecr.aws/another",
            "packageMaxUnzipped": 100,
            "packageMaxZipped": 20,
        },
        set(),
    ),
]
"""New values of settings, and the resources that they change, where they are."""

ELSEWHERE = {
    *(key for key in KEYS if key.startswith("adopt")),  # test_stack_adoption.py
    "alarmEmail",
    "domainName",
    "hostedZone",
    "environment",  # in every name: another environment is another stage
    "region",  # likewise
    "runtime",  # there is one
}


@pytest.fixture(scope="module")
def equipped(
    deployed_dev: StageStack, tmp_path_factory: pytest.TempPathFactory
) -> Generator[StageStack]:
    folder = tmp_path_factory.mktemp("equipped")
    with fork_stage(deployed_dev, folder / "dev") as stack:
        stack.up(**EQUIPPED)
        yield stack


@pytest.mark.parametrize(
    ("settings", "keys"), UPDATES, ids=[" ".join(settings) for settings, _ in UPDATES]
)
def test_a_setting_changes_only_what_it_is_about(
    equipped: StageStack, settings: Settings, keys: set[Key]
) -> None:
    changes = equipped.preview(**EQUIPPED, **settings)
    assert changes.operations == dict.fromkeys(keys, "update")


def test_another_mail_address_is_another_subscription(equipped: StageStack) -> None:
    changes = equipped.preview(**EQUIPPED | {"alarmEmail": "another@example.com"})
    assert changes.operations == {stage.ALARM_MAIL: "replace"}


def test_without_domain_and_mail_nothing_of_them_stays(
    equipped: StageStack, deployed_dev: StageStack
) -> None:
    removed = equipped.state.resources.keys() - deployed_dev.state.resources.keys()
    changes = equipped.preview()
    assert {key for key, done in changes.operations.items() if done == "delete"} == removed
    updated = {key for key, done in changes.operations.items() if done != "delete"}
    assert updated == {stage.API, stage.DASHBOARD}


def test_every_setting_is_tried() -> None:
    settings = {
        field.alias for field in StageSettings.model_fields.values() if ":" not in str(field.alias)
    }
    assert settings == ELSEWHERE.union(*(each for each, _ in UPDATES))
