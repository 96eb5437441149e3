"""A stage's stack on the real engine: our program, a file backend and a stand-in for AWS."""

import os
import re
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, override

import yaml
from pulumi.automation import LocalWorkspace, OutputMap, PulumiCommand, Stack, UpdateSummary
from pulumi.automation._stack import StackInitMode
from pulumi.runtime.config import CONFIG

from infra.paths import PROJECT, ROOT
from infra.program import register_resources
from infra.settings import load_settings
from infra.settings.files import stage_of
from tests.local.up_process import kill_processes_using
from tests.real.engine.changes import Changes, Key
from tests.real.engine.inline_program import InlineProgram, Outputs
from tests.real.engine.small_package import make_package
from tests.real.engine.stand_in.account import Account
from tests.real.engine.stand_in.missing_outputs import find_marks
from tests.real.engine.stand_in.server import serve_account
from tests.real.engine.state import (
    State,
    change_inputs,
    edit_state,
    read_state,
    wait_until_written,
)

_NOWHERE: Final = "http://127.0.0.1:9"
"""The discard port; it has no listener."""


class _Workspace(LocalWorkspace):
    @override
    def select_stack(self, stack_name: str) -> None:
        """Do nothing: every command names its stack."""


class _Stack(Stack):
    """A stack without the slow queries after a run: the state file has the answers."""

    @override
    def outputs(self) -> OutputMap:
        return {}

    @override
    def info(self, show_secrets: bool = True) -> UpdateSummary:
        return UpdateSummary("update", datetime.now(UTC), "", {}, {}, "succeeded")


class StageStack:
    """The stack of one stage, with all its files in one folder."""

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
        """The program to deploy: the stage's; a test may set another one."""

        self.config: dict[str, Any] = {}
        """The configuration given to the program in the last run."""

        self.printed: list[str] = []
        """The engine's output and events."""

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
        self.own_settings = self._stage_file.read_text()
        """The stage's file, without the extra settings of a run."""

    @property
    def variables(self) -> dict[str, str]:
        """The environment for a command on the stack, with the engine on PATH."""
        path = f"{Path(self.engine.command).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, **self._stack.workspace.env_vars}

    @property
    def state(self) -> State:
        return read_state(self._state_file)

    def set_output(self, name: str, value: str) -> None:
        """Add an output to the stack; the stand-in does not have it."""

        def add(resources: list[dict[str, Any]]) -> None:
            for resource in resources:
                if resource["type"] == "pulumi:pulumi:Stack":
                    resource["outputs"][name] = value

        edit_state(self._state_file, add)

    def make_otherwise(
        self, key: Key, inputs: dict[str, Any], logical_name: str | None = None
    ) -> None:
        """Change a resource and the state, as if an earlier program had deployed it.

        Args:
            key: the resource; it is the only one of its type.
            inputs: the values of the earlier program.
            logical_name: the name of the resource and its component in the earlier program.
        """
        self.account.only(key.token).inputs |= inputs
        edit_state(self._state_file, partial(change_inputs, key=key, inputs=inputs))
        if logical_name:
            state = self._state_file.read_text()
            renamed = re.sub(rf'::{key.name}(?=["-])', f"::{logical_name}", state)
            self._state_file.write_text(renamed)

    def taint(self, key: Key) -> None:
        """Mark a resource for a replacement by the next deployment."""

        def mark(resources: list[dict[str, Any]]) -> None:
            for resource in resources:
                if Key(resource["type"], resource["urn"].rpartition("::")[2]) == key:
                    resource["taint"] = True

        edit_state(self._state_file, mark)

    def preview(self, **settings: Any) -> Changes:
        """Preview with these settings on top of the stage's own."""
        return self._run(self._stack.preview, settings)

    def up(self, **settings: Any) -> Changes:
        """Deploy with these settings on top of the stage's own.

        Raises:
            AssertionError: if the stand-in does not know an output of the stack.
        """
        changes = self._run(self._stack.up, settings)
        if missing := find_marks(self.state.outputs):
            raise AssertionError(f"the stand-in does not give {', '.join(missing)}: declare it")
        return changes

    def refresh(self) -> Changes:
        return self._run(self._stack.refresh, {})

    def destroy(self) -> None:
        """Destroy with a preview first, as on the command line; the Automation API skips it."""
        self.run("destroy", "--yes")

    def destroy_with_program(self, *, exclude_protected: bool = False) -> None:
        """Destroy with `--run-program --skip-preview`, and maybe `--exclude-protected`."""
        try:
            self._stack.destroy(
                exclude_protected=exclude_protected,
                run_program=True,
                on_output=self.printed.append,
                config_file=str(self._stage_file),
            )
        finally:
            self.inline.tidy_up()

    def forget(self) -> None:
        """Remove the stack and create it anew; its resources in the account stay."""
        self.run("stack", "rm", "--yes", "--force", "--preserve-config")
        self.run("stack", "init")

    def run(self, *arguments: str) -> None:
        """Run a command of the engine without the program."""
        workspace = self._stack.workspace
        command = [*arguments, "--stack", self.name]
        self.engine.run(command, workspace.work_dir, workspace.env_vars, self.printed.append)

    def kill(self) -> None:
        """Kill the engine during its work."""
        wait_until_written(self._state_file)
        kill_processes_using(self.folder)

    def _run(self, operation: Callable[..., object], settings: dict[str, Any]) -> Changes:
        self._stage_file.write_text(self._with_settings(settings))
        changes = Changes()

        def take(event: Any) -> None:
            self.printed.append(str(event))
            changes.take(event)

        try:
            operation(
                on_event=take,
                on_output=self.printed.append,
                on_error=self.printed.append,
                config_file=str(self._stage_file),
            )
        finally:
            self.inline.tidy_up()
        return changes

    def _with_settings(self, settings: dict[str, Any]) -> str:
        if not settings:
            return self.own_settings
        stage = yaml.safe_load(self.own_settings)
        own = {f"{PROJECT}:{key}": value for key, value in settings.items()}
        return yaml.safe_dump({**stage, "config": {**stage["config"], **own}})

    def _stage(self) -> Outputs:
        self.config = dict(CONFIG.get())
        return register_resources(load_settings(), self.package)


@contextmanager
def run_stage(
    engine: PulumiCommand, folder: Path, name: str, account: Account
) -> Generator[StageStack]:
    """Create a stack in a new folder, without a deployment."""
    (folder / "backend").mkdir(parents=True)
    checkout = folder / "checkout"
    # The engine needs the folder of the program, although it does not run it.
    (checkout / "infra").mkdir(parents=True)
    for path in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(path, checkout)
    with serve_account(account) as providers:
        yield StageStack(folder, name, account, engine, providers)


@contextmanager
def fork_stage(stack: StageStack, folder: Path) -> Generator[StageStack]:
    """Copy a stack and its account to another folder."""
    shutil.copytree(stack.folder, folder)
    account = stack.account.fork()
    with serve_account(account) as providers:
        fork = StageStack(folder, stack.name, account, stack.engine, providers)
        fork.own_settings = stack.own_settings
        yield fork


@contextmanager
def deploy_fork(stack: StageStack, folder: Path, **settings: Any) -> Generator[StageStack]:
    """Copy a stack to another folder and deploy it with these settings on top of its own."""
    with fork_stage(stack, folder) as copied:
        copied.up(**settings)
        yield copied


def engine_variables(folder: Path, providers: str) -> dict[str, str]:
    """Return variables to keep the engine in its folder and off the network."""
    return {
        # Less garbage collection: each run is short, so the memory does not matter.
        "GOGC": "400",
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
