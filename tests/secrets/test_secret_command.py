"""`portfolio secret`: names that the backend knows, values that nobody sees."""

import json
import os
import shutil
from pathlib import Path

import pytest
from pulumi.runtime import rpc

from infra.contract.environment import SESSION_KEY, UNKNOWN, check_contract, check_environment
from infra.errors import ContractError, SecretError, SettingsError
from infra.package import Package
from infra.paths import ROOT
from infra.program import register_resources
from infra.settings import load_settings, load_stage_settings, parse_settings
from infra.settings.files import LOCAL_SECRETS, stage_config
from portfolio.secrets.stage_secrets import list_secrets, remove_secret, set_secret
from portfolio.terminal import Terminal
from tests.commands import Result, run_command
from tests.infra.recording_engine import Provider, Recorder, run_program
from tests.infra.registration import MANIFEST_SHA256
from tests.infra.test_environment import variables
from tests.secrets.further_settings import FurtherSettings

FUNCTION = "aws:lambda/function:Function"
VALUE = "hunter2-hunter2"
ENCRYPTED = '{"secure":"v1:abc"}'
_PULUMI = """#!/bin/sh
[ "$1" != version ] || exec echo v3.999.0
printf '%s\\n' "$@" > "$0.arguments"
cat > "$0.typed"
"""


@pytest.fixture(autouse=True)
def _backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.config.Settings", FurtherSettings)


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Pulumi CLI that keeps its arguments and its standard input in files."""
    program = tmp_path / "pulumi"
    program.write_text(_PULUMI)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return program


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with settings alone."""
    for file in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def refused(*arguments: str, typed: str = "") -> str:
    result = run_command("secret", *arguments, typed=typed)
    assert result.code == 1
    return " ".join(result.err.split())


def done(*arguments: str, typed: str = "") -> Result:
    result = run_command("secret", *arguments, typed=typed)
    assert result.code == 0, result.printed
    assert VALUE not in result.printed
    return result


def test_a_value_goes_to_pulumi_by_standard_input(pulumi: Path) -> None:
    printed = done("set", "mail_api_key", "--stack", "dev", "--stdin", typed=f"{VALUE}\n").out
    arguments = Path(f"{pulumi}.arguments").read_text().split()
    assert arguments[:5] == ["config", "set", "--secret", "secret:MAIL_API_KEY", "--stack"]
    assert VALUE not in arguments
    assert Path(f"{pulumi}.typed").read_text() == VALUE
    assert printed.startswith("Set MAIL_API_KEY, encrypted in Pulumi.dev.yaml.")


def test_a_wrong_name_or_value_is_refused_before_anything_is_kept(pulumi: Path) -> None:
    near = refused("set", "MAIL_APIKEY", "--stack", "dev", "--stdin", typed=VALUE)
    assert near.endswith(
        "is not a secret of Settings in backend/src/config.py: did you mean MAIL_API_KEY?"
    )
    for name in (SESSION_KEY, "LOG_LEVEL"):
        assert "is not a secret of Settings" in refused(
            "set", name, "-s", "dev", "--stdin", typed=VALUE
        )
    short = refused("set", "MAIL_API_KEY", "-s", "dev", "--stdin", typed="abc")
    assert "MAIL_API_KEY: Value should have at least 8 items" in short
    assert "abc" not in short
    assert "Standard input is empty" in refused("set", "MAP_KEY", "-s", "dev", "--stdin")
    assert "use --stdin" in refused("set", "MAP_KEY", "-s", "dev")
    assert "All previews share Pulumi.preview.yaml" in refused(
        "set", "MAP_KEY", "-s", "pr-12", "--stdin", typed=VALUE
    )
    assert not Path(f"{pulumi}.arguments").exists()


def test_a_value_is_never_an_argument() -> None:
    assert run_command("secret", "set", "MAP_KEY", VALUE, "--stack", "dev").code == 2


def test_the_local_stage_keeps_its_secrets_in_a_file_of_its_own(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def listed() -> list[str]:
        capsys.readouterr()
        list_secrets("local", Terminal(), checkout)
        return capsys.readouterr().out.splitlines()

    file, terminal = checkout / LOCAL_SECRETS, Terminal()
    assert listed() == ["MAIL_API_KEY  missing", "MAP_KEY  not set, optional"]
    set_secret("MAIL_API_KEY", "local", lambda: VALUE, terminal, folder=checkout)
    set_secret("MAP_KEY", "local", lambda: VALUE, terminal, folder=checkout)
    assert VALUE not in "".join(capsys.readouterr())
    assert json.loads(file.read_text()) == {"MAIL_API_KEY": VALUE, "MAP_KEY": VALUE}
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert listed() == ["MAIL_API_KEY  set", "MAP_KEY  set"]
    assert load_stage_settings("local", checkout).secrets == ("MAIL_API_KEY", "MAP_KEY")
    assert stage_config("local", checkout)["secret:MAP_KEY"] == VALUE
    remove_secret("MAP_KEY", "local", terminal, checkout)
    assert json.loads(file.read_text()) == {"MAIL_API_KEY": VALUE}
    with pytest.raises(SecretError, match="local has no secret MAP_KEY to remove"):
        remove_secret("MAP_KEY", "local", terminal, checkout)


def test_a_damaged_file_of_the_local_stage_is_told_without_its_content(checkout: Path) -> None:
    file = checkout / LOCAL_SECRETS
    file.parent.mkdir()
    file.write_text(f'["{VALUE}"]')
    with pytest.raises(SettingsError, match="cannot be read: delete it") as failure:
        load_stage_settings("local", checkout)
    assert VALUE not in str(failure.value)


def test_a_missing_secret_stops_a_deployment_with_the_command_to_set_it() -> None:
    with pytest.raises(ContractError) as failure:
        check_contract(load_stage_settings("dev"))
    assert str(failure.value).endswith(
        "MAIL_API_KEY is missing (set it with portfolio secret set MAIL_API_KEY --stack STAGE)"
    )
    config = stage_config("dev") | {"secret:MAIL_API_KEY": ENCRYPTED}
    check_contract(parse_settings(config, "dev"))


def test_a_secret_that_the_backend_does_not_read_stops_a_deployment() -> None:
    config = stage_config("dev") | {"secret:OLD_KEY": ENCRYPTED}
    with pytest.raises(ContractError, match="OLD_KEY is not a secret of Settings"):
        check_contract(parse_settings(config, "dev"))


def test_a_value_that_does_not_fit_is_refused_and_not_shown() -> None:
    with pytest.raises(ContractError) as failure:
        check_environment(variables() | {"MAIL_API_KEY": "abc"})
    assert "MAIL_API_KEY" in str(failure.value)
    assert "abc" not in str(failure.value)
    check_environment(variables() | {"MAIL_API_KEY": UNKNOWN})


def test_a_plain_value_in_the_file_of_a_stage_is_refused(checkout: Path) -> None:
    with (checkout / "Pulumi.dev.yaml").open("a") as file:
        file.write(f"  secret:MAIL_API_KEY: {VALUE}\n")
    with pytest.raises(
        SettingsError, match="MAIL_API_KEY of stack dev is not encrypted"
    ) as failure:
        load_stage_settings("dev", checkout)
    assert VALUE not in str(failure.value)


def test_a_similar_namespace_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"did you mean secret:MAIL_API_KEY\?"):
        parse_settings(stage_config("dev") | {"secrets:MAIL_API_KEY": "x"}, "dev")


def test_the_function_gets_the_secret_and_pulumi_encrypts_it() -> None:
    here, recorder = Path(__file__), Recorder(Provider(), preview=False)
    package = Package(here, "ab" * 32, 1, here, MANIFEST_SHA256, {})
    config = stage_config("dev") | {"secret:MAIL_API_KEY": VALUE}

    def program() -> None:
        register_resources(load_settings(), package)

    run_program(program, recorder, "dev", config)
    (function,) = [each for each in recorder.registered if each.type == FUNCTION]
    environment = function.inputs["environment"]
    assert rpc.is_rpc_secret(environment)
    assert rpc.unwrap_rpc_secret(environment)["variables"]["MAIL_API_KEY"] == VALUE
