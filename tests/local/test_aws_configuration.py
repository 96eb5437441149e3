"""The user's AWS configuration is nothing to the emulator's clients."""

import os
from pathlib import Path
from typing import Any

import pytest
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.session import Session

from portfolio.local.clients import connect
from portfolio.local.emulator import Emulator
from portfolio.local.emulator_session import unconfigured_session
from tests.commands import run_command
from tests.local_stage import ServedStage

REGION = "us-east-1"
USERS = {
    "AWS_ACCESS_KEY_ID": "111111111111",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "made-up",
    "AWS_CA_BUNDLE": "/missing",
    "AWS_DATA_PATH": "/missing",
    "AWS_DEFAULTS_MODE": "made-up",
    "AWS_DEFAULT_PROFILE": "missing",
    "AWS_DEFAULT_REGION": "made up",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9",
    "AWS_MAX_ATTEMPTS": "made-up",
    "AWS_PROFILE": "missing",
    "AWS_REGION": "made up",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "made-up",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "-1",
    "AWS_RESPONSE_CHECKSUM_VALIDATION": "made-up",
    "AWS_RETRY_MODE": "made-up",
    "AWS_ROLE_ARN": "made-up",
    "AWS_SESSION_TOKEN": "made-up",
    "AWS_STS_REGIONAL_ENDPOINTS": "made-up",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/missing",
}
FILES = {
    "broken": "no section, [and no end",
    "not UTF-8": b"[default]\nregion = \xff\n".decode("latin-1"),
    "a program for credentials": "[default]\ncredential_process = /bin/false\n",
    "a signed-out session": "[default]\nsso_session = made-up\nsso_account_id = 1\n",
    "another endpoint": "[default]\nendpoint_url = http://127.0.0.1:9\ndefaults_mode = made-up\n",
}


def set_all(patch: pytest.MonkeyPatch, file: Path) -> None:
    for name, value in USERS.items():
        patch.setenv(name, value)
    patch.setenv("AWS_CONFIG_FILE", str(file))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))


@pytest.mark.parametrize("name", FILES)
def test_no_variable_and_no_file_reaches_the_emulators_clients(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "config"
    file.write_text(FILES[name], encoding="latin-1")
    set_all(monkeypatch, file)
    clients = connect(emulator.endpoint, REGION)
    assert clients.dynamodb.meta.region_name == REGION
    assert "TableNames" in clients.dynamodb.list_tables()


def test_none_reaches_the_commands_of_the_local_stage(
    local_stage: ServedStage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config"
    file.write_text(FILES["broken"])
    set_all(monkeypatch, file)
    listed = run_command("owner", "list", "--stack", "local", "--port", str(local_stage.port))
    assert listed.code == 0, listed.err
    assert local_stage.stage.owner.email in listed.out


def test_every_variable_of_botocore_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is botocore's own: a new version cannot bring a variable that we read."""
    plain: Any = Session()
    known: dict[str, tuple[Any, Any, Any, Any]] = BOTOCORE_DEFAUT_SESSION_VARIABLES
    hidden = {"config_file", "credentials_file"}
    expected = {name: plain.get_config_variable(name) for name in known.keys() - hidden}
    names = {"AWS_PROFILE"}
    for _, variables, _, _ in known.values():
        names.update([variables] if isinstance(variables, str) else variables or [])
    for name in names:
        monkeypatch.setenv(name, "true")
    session: Any = unconfigured_session()
    assert {name: session.get_config_variable(name) for name in expected} == expected
    assert {session.get_config_variable(name) for name in hidden} == {os.devnull}
