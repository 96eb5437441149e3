"""Previews as CI has them: a checkout, the engine's state, and an account that keeps them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from pulumi.automation import PulumiCommand

from infra.paths import CACHE, PROJECT
from infra.settings import StageSettings, parse_settings
from infra.settings.files import stage_config
from portfolio.local.emulator import ACCESS_KEY, Emulator
from portfolio.previews.teardown import take_down
from portfolio.previews.update import update_preview
from portfolio.terminal import Terminal
from tests.checkout import copy_checkout
from tests.commands import Result, run_command
from tests.local.up_process import kill_processes_using
from tests.previews.logs_service import LogsService, serve_logs
from tests.real.engine.changes import Key
from tests.real.engine.resource_keys import API_STAGE
from tests.real.engine.stage_stack import engine_variables
from tests.real.engine.stand_in.account import Account
from tests.real.engine.stand_in.server import serve_account
from tests.real.engine.state import (
    State,
    change_inputs,
    edit_state,
    read_state,
    wait_until_written,
)

PACKAGED_HERE: Final = {f"{PROJECT}:packageEngine": "host"}
"""Settings of the previews in these tests: their zip is built without containers."""


def preview_settings(number: int, **more: str) -> StageSettings:
    """The settings of a pull request's preview, with others on top of them."""
    stack = f"pr-{number}"
    own = {f"{PROJECT}:{key}": value for key, value in more.items()}
    return parse_settings(stage_config(stack) | PACKAGED_HERE | own, stack)


@dataclass(frozen=True)
class PreviewAccount:
    """The account is the stand-in's for the engine, and the emulator's for what else we ask AWS."""

    folder: Path
    account: Account
    engine: PulumiCommand
    logs: LogsService
    variables: dict[str, str]
    """The environment of every command."""

    def up(self, number: int) -> str:
        """Deploy a preview in this process; its summary."""
        with self._environment():
            return update_preview(number, preview_settings(number), print)

    def take_down(self, number: int, settings: StageSettings) -> None:
        """Take a preview down in this process, by settings of the test's own."""
        with self._environment():
            take_down(number, settings, timedelta(0), Terminal())

    def portfolio(self, *arguments: str, code: int = 0, **more: str | None) -> Result:
        """Run `portfolio preview …` in this process.

        Args:
            arguments: its command and options.
            code: the exit code that it must have.
            more: environment variables, or None for one that is not set.
        """
        finished = run_command("preview", *arguments, env=self.variables | more)
        assert finished.code == code, finished.printed
        return finished

    def down(self, number: int, code: int = 0) -> str:
        """Take a preview down; what is printed, on one line."""
        return self.told("down", str(number), "--wait", "0", code=code)

    def sweep(self, *arguments: str, code: int = 0) -> str:
        """Take unused previews down; what is printed, on one line."""
        return self.told("sweep", "--wait", "0", *arguments, code=code)

    def told(self, *arguments: str, code: int = 0, **more: str | None) -> str:
        """Run `portfolio preview …` in this process; what is printed, on one line."""
        return " ".join(self.portfolio(*arguments, code=code, **more).printed.split())

    def type(
        self,
        checkout: Path,
        *arguments: str,
        code: int = 0,
        variables: Mapping[str, str | None] | None = None,
    ) -> Result:
        """Run `portfolio preview …` as a process in a checkout, with further variables."""
        command = [sys.executable, "-m", "portfolio", "preview", *arguments]
        finished = self._run(command, checkout, **(variables or {}))
        printed = finished.stdout + finished.stderr
        assert finished.returncode == code, printed
        assert "Traceback" not in printed
        return Result(code, finished.stdout, finished.stderr)

    def pulumi(self, *arguments: str) -> None:
        """Run a command of the engine's own."""
        finished = self._run([self.engine.command, *arguments], self.folder / "project")
        assert finished.returncode == 0, finished.stderr

    def python(self, checkout: Path, script: str) -> str:
        """Run a script in a checkout; what it has printed."""
        finished = self._run([sys.executable, "-c", script], checkout)
        return finished.stdout + finished.stderr

    @property
    def stacks(self) -> set[str]:
        return {path.stem for path in self._state_folder.glob("*.json")}

    @property
    def environments(self) -> set[str]:
        """Those that have resources in the account."""
        tagged = [each for each in self.account.resources if "tags" in each.inputs]
        # The stand-in tells resources by type and id, which is $default for each API's stage.
        return {
            each.inputs["tags"]["environment"] for each in tagged if each.token != API_STAGE.token
        }

    def state(self, stack: str) -> State:
        return read_state(self._state_folder / f"{stack}.json")

    def make_otherwise(self, stack: str, key: Key, inputs: dict[str, Any]) -> None:
        """Change a resource, and the state, as if an earlier program had deployed it."""
        (resource,) = (
            each
            for each in self.account.of_type(key.token)
            if each.inputs["tags"]["environment"] == stack
        )
        resource.inputs |= inputs
        file = self._state_folder / f"{stack}.json"
        edit_state(file, partial(change_inputs, key=key, inputs=inputs))

    def secrets_provider(self, stack: str) -> str:
        """What encrypts the secrets of a stack's state."""
        state = json.loads((self._state_folder / f"{stack}.json").read_text())
        return state["checkpoint"]["latest"]["secrets_providers"]["state"]["url"]

    def lock(self, stack: str) -> None:
        """Hold a stack's lock, as an update does until its end."""
        folder = self.folder / "backend/.pulumi/locks/organization" / PROJECT / stack
        folder.mkdir(parents=True, exist_ok=True)
        holder = {"pid": 1, "username": "ann", "hostname": "elsewhere"}
        (folder / "other.json").write_text(json.dumps(holder))

    def kill(self, stack: str) -> None:
        """End the engine and what runs it in the middle of their work on a stack."""
        wait_until_written(self._state_folder / f"{stack}.json")
        kill_processes_using(self.folder)

    @contextmanager
    def _environment(self) -> Generator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.variables.items():
                patch.setenv(name, value)
            yield

    @property
    def _state_folder(self) -> Path:
        return self.folder / "backend/.pulumi/stacks" / PROJECT

    def _run(
        self, command: list[str], folder: Path, **more: str | None
    ) -> subprocess.CompletedProcess[str]:
        variables = self.variables | more
        return subprocess.run(
            command,
            cwd=folder,
            env={name: value for name, value in variables.items() if value is not None},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def open_account(
    folder: Path, account: Account, engine: PulumiCommand, emulator: Emulator
) -> Generator[PreviewAccount]:
    """An account whose engine keeps its state in a folder."""
    (folder / "backend").mkdir(parents=True, exist_ok=True)
    (folder / "project").mkdir(exist_ok=True)
    (folder / "project" / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
    with serve_account(account) as providers, serve_logs(emulator.endpoint) as logs:
        variables = {
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
            "PATH": f"{Path(engine.command).parent}{os.pathsep}{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": account.id,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_ENDPOINT_URL": emulator.endpoint,
            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": logs.endpoint,
            "NO_PROXY": "127.0.0.1,localhost",
            **engine_variables(folder, providers),
        }
        yield PreviewAccount(folder, account, engine, logs, variables)


@contextmanager
def fork_account(
    origin: PreviewAccount, folder: Path, emulator: Emulator
) -> Generator[PreviewAccount]:
    """A copy of an account with its stacks, which a test may change."""
    shutil.copytree(origin.folder, folder)
    account = origin.account.fork()
    with open_account(folder, account, origin.engine, emulator) as copied:
        yield copied


def make_preview_checkout(folder: Path) -> Path:
    """Make a commit, whose previews are built without containers; built zips are shared."""
    checkout = copy_checkout(folder)
    file = checkout / "Pulumi.preview.yaml"
    settings = yaml.safe_load(file.read_text())
    settings["config"] |= PACKAGED_HERE
    file.write_text(yaml.safe_dump(settings))
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        [*identity, "commit", "-q", "-m", "base"],
    ):
        subprocess.run(["git", *command], cwd=checkout, check=True)
    (checkout / CACHE.name).symlink_to(CACHE)
    return checkout


def new_account() -> Account:
    """The account that previews may be deployed to."""
    (account,) = preview_settings(12).allowed_accounts
    return Account(account)
