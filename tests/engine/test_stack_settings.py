"""A changed setting of a deployed stage changes what it is about, in place, and nothing else."""

from typing import Any

import pytest

from infra.settings import StageSettings
from tests.engine import resources
from tests.engine.changes import Key
from tests.engine.stage_stack import StageStack

NEW_VERSION = {resources.FUNCTION, resources.ALIAS}
CASES: dict[str, tuple[Any, set[Key]]] = {
    "allowedAccounts": (["111111111111", "333333333333"], {resources.PROVIDER}),
    "architecture": ("arm64", NEW_VERSION),
    "corsOrigins": (["https://another.example"], {resources.API, *NEW_VERSION}),
    "logLevel": ("ERROR", NEW_VERSION),
    "logRetentionDays": (30, {resources.FUNCTION_LOGS, resources.ACCESS_LOGS}),
    "memory": (1024, NEW_VERSION),
    "packageMaxUnzipped": (100, set()),
    "packageMaxZipped": (20, set()),
    "protect": (True, {resources.TABLE, resources.USER_POOL}),
    "throttlingBurst": (7, {resources.API_STAGE}),
    "throttlingRate": (7, {resources.API_STAGE}),
    "timeout": (9, NEW_VERSION),
}
"""A new value of each setting, and the resources that it changes."""

OTHERS = {
    "environment",  # in every name: another environment is another stage
    "region",  # likewise
}


@pytest.mark.parametrize("setting", CASES)
def test_a_changed_setting_changes_only_what_it_is_about(
    deployed_dev: StageStack, setting: str
) -> None:
    value, keys = CASES[setting]
    assert deployed_dev.preview(**{setting: value}).operations == dict.fromkeys(keys, "update")


def test_every_setting_is_in_the_table() -> None:
    settings = {field.alias for field in StageSettings.model_fields.values()}
    assert settings == CASES.keys() | OTHERS
