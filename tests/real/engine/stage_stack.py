"""A stage's stack on the real engine: our program, a file backend, and a stand-in for AWS."""

import json
import os
import shutil
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, override

import yaml
from pulumi.automation import LocalWorkspace, OutputMap, PulumiCommand, Stack, UpdateSummary
from pulumi.automation._stack import StackInitMode
from pulumi.runtime.config import CONFIG

from infra.paths import ROOT
from infra.program import deploy
from infra.settings import load_settings
from infra.stage_files import PROJECT, stage_of
from tests.local.running import processes_using
from tests.real.engine.changes import Changes
from tests.real.engine.inline_program import InlineProgram, Outputs
from tests.real.engine.packages import make_package
from tests.real.engine.stand_in.account import Account
from tests.real.engine.stand_in.missing_outputs import find_marks
from tests.real.engine.stand_in.server import serve_account
from tests.real.engine.state import State, read_state, wait_until_written

_NOWHERE: Final = "http://127.0.0.1:9"
"""The discard port, where nobody listens."""


class _Workspace(LocalWorkspace):
    @override
    def select_stack(self, stack_name: str) -> None:
        """Nothing to do: every command names its stack."""


class _Stack(Stack):
    """Asks the engine nothing after a run: the state has it, and each question takes its time."""

    @override
    def outputs(self) -> OutputMap:
        return {}

    @override
    def info(self, show_secrets: bool = True) -> UpdateSummary:
        return UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


class StageStack:
    """A stack of one stage, whose files all lie in one folder."""

    def __init__(
        self, folder: Path, name: str, account: Account, engine: PulumiCommand, providers: str
    ) -> None:
        self.folder = folder
        self.name = name
        self.account = account
        self.engine = engine
        self.package = make_package(folder / "package")
        """The function's code."""

        self.inline = InlineProgram(self._stage)
        """What is deployed: the stage, unless a test puts something else here."""

        self.config: dict[str, Any] = {}
        """What the engine handed to the program the last time."""

        self.told: list[str] = []
        """All that the engine has printed or reported."""

        workspace = _Workspace(
            work_dir=str(folder / "checkout"),
            program=self.inline,
            env_vars=engine_variables(folder, providers),
            pulumi_command=engine,
            secrets_provider="passphrase",
        )
        self._state_file = folder / "backend/.pulumi/stacks" / PROJECT / f"{name}.json"
        self._stage_file = folder / "checkout" / f"Pulumi.{stage_of(name)}.yaml"
        is_there = self._state_file.exists()
        mode = StackInitMode.SELECT if is_there else StackInitMode.CREATE
        self._stack = _Stack(name, workspace, mode)
        self._stage_settings = self._stage_file.read_text()

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a command that works on the stack, with the engine on PATH."""
        path = f"{Path(self.engine.command).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, **self._stack.workspace.env_vars}

    @property
    def state(self) -> State:
        return read_state(self._state_file)

    def set_output(self, name: str, value: str) -> None:
        """Let the stack tell of something that the stand-in does not have."""
        state: dict[str, Any] = json.loads(self._state_file.read_text())
        for resource in state["checkpoint"]["latest"].get("resources", []):
            if resource["type"] == "pulumi:pulumi:Stack":
                resource["outputs"][name] = value
        self._state_file.write_text(json.dumps(state))

    def preview(self, **settings: Any) -> Changes:
        """Preview, with these settings on top of the stage's own."""
        return self._run(self._stack.preview, settings)

    def up(self, **settings: Any) -> Changes:
        """Deploy, with these settings on top of the stage's own.

        Raises:
            AssertionError: if an output of the stack is one that the stand-in does not give.
        """
        changes = self._run(self._stack.up, settings)
        if missing := find_marks(self.state.outputs):
            raise AssertionError(f"the stand-in does not give {', '.join(missing)}: declare it")
        return changes

    def refresh(self) -> Changes:
        return self._run(self._stack.refresh, {})

    def destroy(self) -> None:
        """Destroy as people do, with a preview first; the Automation API leaves that out."""
        self.run("destroy", "--yes")

    def destroy_unprotected(self) -> None:
        """Destroy all but what is protected, with the program: `--exclude-protected`."""
        try:
            self._stack.destroy(
                exclude_protected=True, run_program=True, on_output=self.told.append
            )
        finally:
            self.inline.tidy_up()

    def forget(self) -> None:
        """Remove the stack and begin it anew; what it had in the account stays."""
        self.run("stack", "rm", "--yes", "--force", "--preserve-config")
        self.run("stack", "init")

    def run(self, *arguments: str) -> None:
        """Run a command of the engine that needs no program."""
        workspace = self._stack.workspace
        command = [*arguments, "--stack", self.name]
        self.engine.run(command, workspace.work_dir, workspace.env_vars, self.told.append)

    def kill(self) -> None:
        """End the engine in the middle of its work."""
        wait_until_written(self._state_file)
        for process in processes_using(self.folder):
            os.kill(process, signal.SIGKILL)

    def _run(self, operation: Callable[..., object], settings: dict[str, Any]) -> Changes:
        self._stage_file.write_text(self._with_settings(settings))
        changes = Changes()

        def take(event: Any) -> None:
            self.told.append(str(event))
            changes.take(event)

        try:
            operation(
                on_event=take,
                on_output=self.told.append,
                on_error=self.told.append,
                config_file=str(self._stage_file),
            )
        finally:
            self.inline.tidy_up()
        return changes

    def _with_settings(self, settings: dict[str, Any]) -> str:
        if not settings:
            return self._stage_settings
        stage = yaml.safe_load(self._stage_settings)
        own = {f"{PROJECT}:{key}": value for key, value in settings.items()}
        return yaml.safe_dump({**stage, "config": {**stage["config"], **own}})

    def _stage(self) -> Outputs:
        self.config = dict(CONFIG.get())
        return deploy(load_settings(), self.package)


@contextmanager
def run_stage(
    engine: PulumiCommand, folder: Path, name: str, account: Account
) -> Generator[StageStack]:
    """A new stack that is not deployed yet, in a folder of its own."""
    (folder / "backend").mkdir(parents=True)
    checkout = folder / "checkout"
    # The engine looks for the folder of the program, though it does not run it.
    (checkout / "infra").mkdir(parents=True)
    for path in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(path, checkout)
    with serve_account(account) as providers:
        yield StageStack(folder, name, account, engine, providers)


@contextmanager
def fork_stage(stack: StageStack, folder: Path) -> Generator[StageStack]:
    """A copy of a stack, and of the account that it is deployed to, elsewhere on the disk."""
    shutil.copytree(stack.folder, folder)
    account = stack.account.fork()
    with serve_account(account) as providers:
        yield StageStack(folder, stack.name, account, stack.engine, providers)


def engine_variables(folder: Path, providers: str) -> dict[str, str]:
    """What keeps the engine in its folder, and off the network."""
    return {
        "HOME": str(folder / "home"),
        "PULUMI_HOME": str(folder / "home" / ".pulumi"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
        "PULUMI_CONFIG_PASSPHRASE": "made up",
        "PULUMI_DEBUG_PROVIDERS": providers,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "HTTPS_PROXY": _NOWHERE,
        "HTTP_PROXY": _NOWHERE,
    }
