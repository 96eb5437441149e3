"""Previews as CI has them: a checkout, the engine's state, and an account that keeps them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pulumi.automation import PulumiCommand

from infra.local.emulator import ACCESS_KEY, ACCOUNT_ID, Emulator
from infra.stage_files import PROJECT
from tests.local.running import processes_using
from tests.previews.logs_service import LogsService, serve_logs
from tests.real.engine.resources import API_STAGE
from tests.real.engine.stage_stack import engine_variables
from tests.real.engine.stand_in.account import Account
from tests.real.engine.stand_in.server import serve_account
from tests.real.engine.state import State, read_state, wait_until_written


@dataclass(frozen=True)
class Finished:
    """What a command has printed, with runs of white space as one."""

    summary: str
    """On standard output, as it is."""

    told: str
    """On both."""


@dataclass(frozen=True)
class PreviewAccount:
    """The account is the stand-in's for the engine, and the emulator's for what else we ask AWS."""

    folder: Path
    checkout: Path
    account: Account
    engine: PulumiCommand
    logs: LogsService
    variables: dict[str, str]
    """Of every command's environment."""

    def portfolio(
        self, *arguments: str, code: int = 0, base: str | None = "none", **more: str | None
    ) -> Finished:
        """Run `portfolio preview …`, with these environment variables as well, or without.

        Nothing is compared by default: that takes seconds.
        """
        command = [sys.executable, "-m", "infra.cli", "preview"]
        compare = ["--base", base] if arguments[0] == "up" and base else []
        command += [arguments[0], *compare, *arguments[1:]]
        finished = self._run(command, self.checkout, **more)
        both = finished.stderr + finished.stdout
        assert finished.returncode == code, both
        assert "Traceback" not in both
        return Finished(finished.stdout, " ".join(both.split()))

    def down(self, number: int, code: int = 0) -> str:
        return self.portfolio("down", str(number), "--wait", "0", code=code).told

    def sweep(self, *arguments: str, code: int = 0) -> str:
        return self.portfolio("sweep", "--wait", "0", *arguments, code=code).told

    def pulumi(self, *arguments: str) -> None:
        finished = self._run([self.engine.command, *arguments], self.checkout)
        assert finished.returncode == 0, finished.stderr

    def python(self, script: str) -> str:
        """Run a script in the checkout; what it has printed."""
        finished = self._run([sys.executable, "-c", script], self.checkout)
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
        for process in processes_using(self.folder):
            os.kill(process, signal.SIGKILL)

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
    folder: Path, checkout: Path, account: Account, engine: PulumiCommand, emulator: Emulator
) -> Generator[PreviewAccount]:
    """An account whose engine keeps its state in a folder."""
    (folder / "backend").mkdir(parents=True, exist_ok=True)
    with serve_account(account) as providers, serve_logs(emulator.endpoint) as logs:
        variables = {
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
            "PATH": f"{Path(engine.command).parent}{os.pathsep}{os.environ['PATH']}",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_ENDPOINT_URL": emulator.endpoint,
            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": logs.endpoint,
            "NO_PROXY": "127.0.0.1,localhost",
            **engine_variables(folder, providers),
        }
        yield PreviewAccount(folder, checkout, account, engine, logs, variables)


@contextmanager
def fork_account(
    origin: PreviewAccount, folder: Path, emulator: Emulator
) -> Generator[PreviewAccount]:
    """A copy of an account with its stacks, which a test may change."""
    shutil.copytree(origin.folder, folder)
    account = origin.account.fork()
    with open_account(folder, origin.checkout, account, origin.engine, emulator) as copied:
        yield copied


def new_account() -> Account:
    return Account(ACCOUNT_ID)
