"""`infra/__main__.py` as `pulumi up` runs it."""

import json
import os
import subprocess
import sys

from infra.local.emulator import Emulator
from infra.paths import BACKEND, ROOT
from infra.stage_files import stage_config

OUTPUTS = [
    "api_url",
    "function_name",
    "live_version",
    "table_name",
    "user_pool_id",
    "user_pool_client_id",
    "log_group",
    "access_log_group",
]


DEVELOPMENT = "111111111111"
"""The account that Pulumi.dev.yaml allows; to the emulator, an access key of its own too."""


def run(
    emulator: Emulator, config: dict[str, str], account: str = DEVELOPMENT
) -> subprocess.CompletedProcess[str]:
    credentials = {
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL_STS": emulator.endpoint,
    }
    return subprocess.run(
        [sys.executable, ROOT / "tests/infra/language_host.py", ROOT / "infra", "dev"],
        cwd=ROOT / "infra",
        env=os.environ
        | credentials
        | {"PULUMI_CONFIG": json.dumps(config), "PYTHONPATH": f"{ROOT}{os.pathsep}{BACKEND}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stage_is_deployed_and_its_outputs_exported(emulator: Emulator) -> None:
    # The zip is the same either way, and not every machine has containers.
    result = run(emulator, stage_config("dev") | {"portfolio-api:packageEngine": "host"})
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["exported"] == OUTPUTS
    assert told["registered"] > len(OUTPUTS)


def test_bad_settings_are_one_message_before_anything_is_made(emulator: Emulator) -> None:
    result = run(
        emulator, stage_config("dev") | {"portfolio-api:memory": "64", "portfolio-api:memmory": "1"}
    )
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "error: The settings of stack dev are wrong:",
        "  memory = 64: must be at least 128",
        "  memmory is not a setting: did you mean memory?",
    ]
    assert json.loads(result.stdout) == {"registered": 0, "exported": []}


def test_another_account_is_one_message_before_anything_is_made(emulator: Emulator) -> None:
    result = run(emulator, stage_config("dev"), account="222222222222")
    assert result.returncode == 1
    told = "error: The AWS credentials are those of account 222222222222, and allowedAccounts of "
    assert result.stderr.startswith(told)
    assert len(result.stderr.splitlines()) == 1
    assert json.loads(result.stdout) == {"registered": 0, "exported": []}
