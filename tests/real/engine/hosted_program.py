"""Our programs as `pulumi` runs them: in a process, behind a stand-in for the language host."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.paths import PROJECT, ROOT
from portfolio.local.emulator import Emulator
from tests.real.engine.stack_commands import command_variables
from tests.real.engine.stage_stack import StageStack

_HOST: Final = ROOT / "tests/real/engine/language_host/host.py"
_COLOURLESS: Final = ("--color", "never", "--non-interactive")


@dataclass(frozen=True)
class Finished:
    """The end of a command."""

    code: int
    printed: str


class HostedProgram:
    """A project's program on a stack: the engine has its state, the emulator answers for STS."""

    def __init__(
        self, stack: StageStack, emulator: Emulator, *, account: str, project: Path | None = None
    ) -> None:
        """Install the language host, and link the program into the stack's project.

        Args:
            stack: has the state, and the account of the providers.
            emulator: answers for STS.
            account: the account of the credentials.
            project: another project's folder.
        """
        self._project = project or stack.folder / "checkout"
        programs = stack.folder / "programs"
        programs.mkdir()
        host = programs / "pulumi-language-python"
        host.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{_HOST}" "$@"\n')
        host.chmod(0o755)
        variables = command_variables(stack, emulator, account)
        self._variables = variables | {"PATH": f"{programs}{os.pathsep}{variables['PATH']}"}
        self._process: subprocess.Popen[str] | None = None

    @classmethod
    def of_stage(cls, stack: StageStack, emulator: Emulator, account: str) -> "HostedProgram":
        """Return the program of a stage; its zip is built on the host."""
        hosted = cls(stack, emulator, account=account)
        checkout = stack.folder / "checkout"
        shutil.rmtree(checkout / "infra")
        (checkout / "infra").symlink_to(ROOT / "infra")
        file = checkout / f"Pulumi.{stack.name}.yaml"
        engine = f"config:\n  {PROJECT}:packageEngine: host\n"
        file.write_text(stack.own_settings.replace("config:\n", engine, 1))
        return hosted

    def run(self, *arguments: str) -> Finished:
        """Run a command of the engine until its end."""
        with subprocess.Popen(
            ["pulumi", *arguments, *_COLOURLESS],
            cwd=self._project,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        ) as self._process:
            printed, _ = self._process.communicate()
        return Finished(self._process.returncode, printed)

    def press_ctrl_c(self) -> None:
        """Send SIGINT to the engine's process group, as a terminal does."""
        assert self._process
        os.killpg(self._process.pid, signal.SIGINT)
