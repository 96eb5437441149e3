"""Spare workers: processes that import the function's libraries before a version needs them.

MiniStack starts a process for each version of the function, and its imports take most of the time
of a reload. So the emulator keeps one process that has done them already.

The emulator's interpreter imports this module, and runs it as a script: it imports nothing of ours.
"""

import ast
import importlib
import json
import os
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

_REST: Final = 1.0
"""Seconds after the start of a worker: the next spare one does not take its processor time."""

_RUNTIME: Final = "python3.12"

_OWN_CODE: Final = "src"


class SpareWorkers:
    """Starts workers; the spare one if it fits, else a new process."""

    def __init__(self, listed: str, backend: str) -> None:
        """Begin without a spare worker.

        Args:
            listed: the name of the file in a version's code with the path of the libraries.
            backend: the folder of the function's project; its sources tell the libraries.
        """
        self._listed, self._backend = listed, backend
        self._ministack: Any = importlib.import_module("ministack.core.lambda_runtime")
        self._lock = threading.Lock()
        self._spare: subprocess.Popen[str] | None = None
        self._dependencies: str | None = None

    def provide(self) -> None:
        """Let MiniStack start its workers here."""
        self._ministack.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": self.start})

    def start(self, words: Sequence[str], **options: Any) -> "subprocess.Popen[str]":  # noqa: ANN401 - those of Popen
        """Start a worker, with the parameters of `subprocess.Popen`."""
        dependencies = self._read_dependencies(options["cwd"])
        spare = self._take(dependencies)
        worker = spare if spare and _hand_over(spare, words, options) else None
        if dependencies:
            timer = threading.Timer(_REST, self.prepare, [dependencies, options["env"]])
            timer.daemon = True
            timer.start()
        return worker or subprocess.Popen(words, **options)  # noqa: S603 - MiniStack's own words

    def _take(self, dependencies: str | None) -> "subprocess.Popen[str] | None":
        """Return the spare worker if it has these libraries; end another one."""
        with self._lock:
            spare, self._spare = self._spare, None
            if spare is None or dependencies == self._dependencies:
                return spare
        with spare:
            spare.kill()
        return None

    def prepare(self, dependencies: str, variables: dict[str, str]) -> None:
        """Start a spare worker, if there is none.

        Args:
            dependencies: the folder of its libraries.
            variables: its environment while it imports them.
        """
        python, _ = self._ministack._detect_runtime_binary(_RUNTIME)  # noqa: SLF001 - that of all workers
        with self._lock:
            if self._spare is None:
                self._dependencies = dependencies
                self._spare = subprocess.Popen(  # noqa: S603 - our own words
                    [python, __file__, dependencies, self._backend],
                    # The folder of a version may be deleted before.
                    cwd=os.environ["TMPDIR"],
                    env=variables,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    encoding="utf-8",
                    bufsize=1,
                )

    def _read_dependencies(self, folder: str) -> str | None:
        """Return the folder of a version's libraries; None if they are in its own folder."""
        listed = Path(folder, self._listed)
        return listed.read_text(encoding="utf-8") if listed.is_file() else None


def _hand_over(
    spare: "subprocess.Popen[str]", words: Sequence[str], options: dict[str, Any]
) -> bool:
    """Tell a spare worker its program; return False if it has ended."""
    task = {"program": words[1], "folder": options["cwd"], "variables": options["env"]}
    try:
        print(json.dumps(task), file=spare.stdin, flush=True)
    except OSError:
        return False
    return True


def _find_libraries(backend: str) -> Iterator[str]:
    """Yield the modules that the function imports from elsewhere."""
    for file in Path(backend, _OWN_CODE).rglob("*.py"):
        # A file may be in the middle of a change.
        with suppress(SyntaxError):
            for node in ast.walk(ast.parse(file.read_bytes())):
                match node:
                    case ast.Import(names=names):
                        yield from (each.name for each in names)
                    case ast.ImportFrom(module=str(name), level=0):
                        yield name
                    case _:
                        pass


def main(dependencies: str, backend: str) -> None:
    """Import the libraries, wait for a program on standard input, and become its process."""
    sys.path.insert(0, dependencies)
    for name in sorted(set(_find_libraries(backend))):
        # Types for checkers are not installed. The function itself reports what it misses.
        with suppress(ImportError):
            if name.partition(".")[0] != _OWN_CODE:
                importlib.import_module(name)
    task = sys.stdin.readline()
    if task:
        _become(**json.loads(task))


def _become(program: str, folder: str, variables: dict[str, str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    # As Python does for a script, instead of the folder of this one.
    sys.path[:] = [str(Path(program).parent), *sys.path[:1], *sys.path[2:]]
    sys.argv = [program]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
