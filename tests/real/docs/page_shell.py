"""A shell in which a page's commands are run as they are written, in a checkout of its own."""

import os
import subprocess
from pathlib import Path

from tests.checkout import copy_checkout
from tests.real.engine.built_engine import find_engine
from tests.real.engine.stage_stack import engine_variables

_AUTHOR = {
    f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}
_COMMIT = "git init -q && git add --all && git commit -qm all"


class PageShell:
    """Bash, with the real engine and whatever programs of ours stand before others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = copy_checkout(folder / "checkout")
        self.variables = {**engine_variables(folder, ""), **_AUTHOR}
        del self.variables["PULUMI_BACKEND_URL"], self.variables["PULUMI_DEBUG_PROVIDERS"]
        self.engine = find_engine().command

    def install(self, program: str, script: str) -> None:
        path = self.folder / "bin" / program
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run(self, *blocks: str, **variables: str) -> str:
        """What the blocks print, one after the other, in a checkout that is committed.

        Raises:
            AssertionError: if a command fails.
        """
        finished = subprocess.run(
            ["bash", "-c", "\n".join(["set -eu", _COMMIT, *blocks])],
            cwd=self.checkout,
            env={
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                **self.variables,
                **variables,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr + finished.stdout
        return finished.stdout
