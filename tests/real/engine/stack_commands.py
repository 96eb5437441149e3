"""`portfolio` as typed in a checkout: the engine has the stacks, the emulator answers for AWS."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

from infra.local.emulator import ACCESS_KEY, ACCOUNT_ID, Emulator
from tests.checkout import copy_checkout
from tests.real.engine.stage_stack import StageStack


class StackCommands:
    """A copy of the checkout, whose stages are those of the emulator's account."""

    def __init__(self, folder: Path, stack: StageStack, emulator: Emulator) -> None:
        self.checkout = copy_checkout(folder)
        self._variables = {
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
            **stack.variables,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_ENDPOINT_URL": emulator.endpoint,
            "NO_PROXY": "127.0.0.1,localhost",
        }
        for stage in ("dev", "prod"):
            self.allow(ACCOUNT_ID, stage)

    def allow(self, account: str, stage: str) -> None:
        file = self.checkout / f"Pulumi.{stage}.yaml"
        settings = yaml.safe_load(file.read_text())
        settings["config"]["portfolio-api:allowedAccounts"] = [account]
        file.write_text(yaml.safe_dump(settings))

    def portfolio(self, *arguments: str, typed: str = "", code: int = 0, **more: str) -> str:
        """What a command prints, on one line, with these environment variables as well."""
        finished = subprocess.run(
            [sys.executable, "-m", "infra.cli", *arguments],
            cwd=self.checkout,
            env=self._variables | more,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = finished.stdout + finished.stderr
        assert finished.returncode == code, printed
        assert "Traceback" not in printed
        return " ".join(printed.split())
