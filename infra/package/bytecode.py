"""Compile the sources to bytecode, so a cold start compiles nothing."""

import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final

from infra.errors import PackageError
from infra.package.bytecode_worker import REFUSED
from infra.package.target import Target
from infra.processes.background import in_background, wait_for
from infra.processes.environment import inherited_environment

_WORKER: Final = Path(__file__).with_name("bytecode_worker.py")
_FILES_A_WORKER: Final = 64
"""Minimum number of files for one more process: fewer compile faster than it starts."""


def check_compiler(target: Target) -> None:
    """Check this Python's version against the target's.

    Raises:
        PackageError: if the versions differ.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if version != target.python:
        raise PackageError(
            f"The function runs on Python {target.python}, and its bytecode cannot be compiled "
            f"with {version}. Run this with Python {target.python}."
        )


def compile_sources(folder: Path, names: Iterable[str]) -> list[str]:
    """Compile the Python files in `names` to `__pycache__`, on all cores.

    Returns:
        One `file:line: reason` for each file with errors, with the line of the source and a
        caret below it. Some packages include files for other Pythons, so the caller decides if
        this is an error.

    Raises:
        OSError: if the system refuses a file.
        KeyboardInterrupt: if a signal arrives first. The compilers are stopped then.
    """
    sources = [name for name in names if name.endswith(".py")]
    cores = min(os.cpu_count() or 1, 1 + len(sources) // _FILES_A_WORKER)
    shares = [sources[first::cores] for first in range(cores)]
    with ExitStack() as stack:
        compilers = [
            stack.enter_context(in_background(partial(_run_worker, folder, share)))
            for share in shares
        ]
        return sorted(chain.from_iterable(map(wait_for, compilers)))


def bytecode_files(folder: Path, names: Iterable[str]) -> list[str]:
    """Return the paths of the existing bytecode files of `names`."""
    cached = map(bytecode_name, (name for name in names if name.endswith(".py")))
    return [name for name in cached if (folder / name).exists()]


def bytecode_name(name: str) -> str:
    """Return the path of a Python file's bytecode."""
    path = PurePosixPath(name)
    return str(path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc")


def _run_worker(folder: Path, names: list[str]) -> list[str]:
    result = subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-W", "ignore", _WORKER],
        cwd=folder,
        env=inherited_environment(),
        input="".join(f"{name}\0" for name in names),
        encoding="utf-8",
        stdout=subprocess.PIPE,
        # Keep Ctrl-C away from the worker: it would print a traceback.
        process_group=0,
        check=False,
    )
    if result.returncode == REFUSED:
        number = int(result.stdout)
        raise OSError(number, os.strerror(number), str(folder))
    result.check_returncode()
    return result.stdout.split("\0")[:-1]
