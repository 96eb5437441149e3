"""`infra/__main__.py` as `pulumi up` runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from infra.paths import BACKEND, ROOT
from infra.stage_files import stage_config

OUTPUTS = [
    "api_url",
    "function_name",
    "table_name",
    "user_pool_id",
    "user_pool_client_id",
    "log_group",
    "access_log_group",
]


def run(config: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(Path(__file__).with_name("language_host.py"))],
        cwd=ROOT / "infra",
        env=os.environ
        | {"PULUMI_CONFIG": json.dumps(config), "PYTHONPATH": f"{ROOT}{os.pathsep}{BACKEND}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stage_is_deployed_and_its_outputs_exported() -> None:
    result = run(stage_config("dev"))
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["exported"] == OUTPUTS
    assert told["registered"] > len(OUTPUTS)


def test_bad_settings_are_one_message_before_anything_is_made() -> None:
    result = run(stage_config("dev") | {"portfolio-api:memory": "64", "portfolio-api:memmory": "1"})
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "error: The stage's settings are wrong:",
        "  memory = '64': Input should be greater than or equal to 128",
        "  memmory is not a setting: did you mean memory?",
    ]
    assert json.loads(result.stdout) == {"registered": 0, "exported": []}
