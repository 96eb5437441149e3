"""`portfolio secret` with the real Pulumi CLI: encrypted in the file, readable for the program."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.checkout import copy_checkout
from tests.real.engine.stage_stack import StageStack

VALUE = "-----BEGIN KEY-----\nhunter2\n-----END KEY-----"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose backend reads a secret."""
    folder = copy_checkout(tmp_path / "checkout")
    settings = folder / "backend" / "src" / "config.py"
    field = "    log_level: LogLevel\n"
    text = settings.read_text()
    assert field in text
    settings.write_text(text.replace(field, f"{field}    mail_api_key: SecretStr\n"))
    return folder


def test_a_secret_is_set_listed_and_removed(dev: StageStack, checkout: Path) -> None:
    variables = dev.variables | {"PYTHONPATH": str(checkout / "backend")}

    def run(*command: str, typed: str = "") -> str:
        finished = subprocess.run(
            command,
            cwd=checkout,
            env=variables,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = finished.stdout + finished.stderr
        assert finished.returncode == 0, printed
        return printed

    secret = (sys.executable, "-m", "portfolio", "secret")
    told = run(*secret, "set", "MAIL_API_KEY", "--stack", "dev", "--stdin", typed=f"{VALUE}\n")
    assert "hunter2" not in told
    file = checkout / "Pulumi.dev.yaml"
    kept = yaml.safe_load(file.read_text())["config"]["secret:MAIL_API_KEY"]
    assert list(kept) == ["secure"]
    assert "hunter2" not in file.read_text()
    assert "MAIL_API_KEY  set" in run(*secret, "list", "--stack", "dev")
    assert run("pulumi", "config", "get", "secret:MAIL_API_KEY", "-s", "dev").rstrip() == VALUE
    run(*secret, "remove", "MAIL_API_KEY", "--stack", "dev")
    assert "secret:MAIL_API_KEY" not in yaml.safe_load(file.read_text())["config"]
