"""Stacks with an inline program: Pulumi's Automation API runs it in this process.

`pulumi` must be on PATH; a language host is not needed.
"""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, override

from pulumi import automation
from pulumi.automation.errors import CommandError, ConcurrentUpdateError

from infra.errors import StackError
from infra.paths import ROOT
from infra.processes.background import in_background, wait_for
from infra.processes.leftovers import temporary_folder
from infra.settings.files import parse_file, stage_of
from portfolio.engine.pulumi_cli import explain_failure, find_pulumi

_UNUSED_KEYS: Final = ("main", "runtime")
"""Keys of `Pulumi.yaml` for the command line: they say where the program is."""

_PATIENCE: Final = 2.0
"""Seconds after a signal for the engine to finish its operations and to unlock the stack."""

_OUTPUT: Final = re.compile(r"\n code: (-?\d+)\n stdout: (.*)\n stderr: (.*)", re.DOTALL)
"""The message of the Automation API's `CommandError`, its only content."""


@contextmanager
def open_workspace(stack: str) -> Generator[automation.LocalWorkspace]:
    """Open a temporary folder with the settings of a stack's stage.

    The engine adds to the settings file (how secrets are encrypted). That goes with the folder;
    the stack's state has it too.

    Args:
        stack: its name; `stage_of` finds the stage's file, and several stacks may share one.

    Raises:
        ToolMissingError: if `pulumi` is not on PATH.
        SettingsError: if the stage's file cannot be read.
        StackError: if an operation of the engine fails inside the block.
    """
    pulumi = find_pulumi()
    file = ROOT / f"Pulumi.{stage_of(stack)}.yaml"
    settings = parse_file(file)
    with temporary_folder("portfolio-stack-") as folder, engine_errors(stack):
        (folder / "Pulumi.yaml").write_text(_project(), encoding="utf-8")
        # An exact copy: the engine parses YAML differently from the parser here.
        shutil.copyfile(file, folder / f"Pulumi.{stack}.yaml")
        yield automation.LocalWorkspace(
            work_dir=str(folder),
            pulumi_command=_Engine(_write_launcher(folder, pulumi)),
            secrets_provider=settings.get("secretsprovider"),
        )


class _Engine(automation.PulumiCommand):
    """The engine in the background: after a signal, it may finish its running operations."""

    @override
    def run(self, *arguments: Any, **options: Any) -> automation.CommandResult:
        work = partial(super().run, *arguments, **options)
        # The engine ends its plugins itself, after their operations.
        with in_background(work, _PATIENCE, with_descendants=False) as finished:
            return wait_for(finished)


def _write_launcher(folder: Path, pulumi: str) -> str:
    """Write a script that starts the engine in its own process group; return its root folder.

    A Ctrl-C on the terminal does not reach the engine there, so it gets one signal, from
    `in_background`. After a second one, the engine would not wait for its operations.
    """
    script = folder / "engine" / "bin" / "pulumi"
    script.parent.mkdir(parents=True)
    start = f"import os, sys; os.setpgid(0, 0); os.execv({pulumi!r}, [{pulumi!r}, *sys.argv[1:]])"
    command = shlex.join([sys.executable, "-ISc", start])
    script.write_text(f'#!/bin/sh\nexec {command} "$@"\n', encoding="utf-8")
    script.chmod(0o700)
    return str(script.parents[1])


@contextmanager
def engine_errors(stack: str, advice: str = "") -> Generator[None]:
    """Turn the engine's errors in the block into a message.

    Args:
        stack: its name.
        advice: next steps, printed after the engine's own reason.

    Raises:
        StackError: if an operation of the engine fails.
    """
    try:
        yield
    except ConcurrentUpdateError:
        raise StackError(
            f"{stack} is locked by another run. If that run was killed, unlock it with "
            f"`pulumi cancel --yes --stack {stack}`, then try again."
        ) from None
    except CommandError as error:
        failure = explain_failure(stack, *_parse(error))
        raise StackError("\n".join(filter(None, (str(failure), advice)))) from None


def _project() -> str:
    """Return `Pulumi.yaml` for an inline program, as JSON: every YAML parser reads it alike."""
    project = parse_file(ROOT / "Pulumi.yaml")
    kept = {key: value for key, value in project.items() if key not in _UNUSED_KEYS}
    return json.dumps(kept | {"runtime": "python"}, ensure_ascii=False)


def _parse(error: CommandError) -> tuple[str, str, str]:
    """Return the exit code, standard output and standard error of a failed command."""
    parts = _OUTPUT.fullmatch(str(error))
    code, stdout, stderr = parts.groups() if parts else ("unknown", str(error), "")
    return code, stdout, stderr
