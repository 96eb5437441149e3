"""Bytecode that Lambda's Python takes as it is, so that a cold start compiles nothing."""

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
from infra.package.target import Target
from infra.processes.background import in_background, wait_for
from infra.processes.environment import inherited_environment

_WORKER: Final = Path(__file__).with_name("bytecode_worker.py")
_FILES_A_WORKER: Final = 64
"""Fewer are compiled sooner than another interpreter starts."""


def check_compiler(target: Target) -> None:
    """Make sure that this Python compiles for the target's.

    Raises:
        PackageError: if it is another version.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if version != target.python:
        raise PackageError(
            f"The function runs on Python {target.python}, and its bytecode cannot be compiled "
            f"with {version}. Run this with Python {target.python}."
        )


def compile_sources(folder: Path, names: Iterable[str]) -> list[str]:
    """Compile the Python files among `names` to `__pycache__`, on all cores.

    Returns:
        Why the files that have no bytecode now could not be compiled, one `file:line: reason`
        each. Some packages carry files for other Pythons, so whoever calls decides.

    Raises:
        KeyboardInterrupt: if a signal arrives first; the compilers are ended then.
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
    """The compiled files of `names`, as far as they could be compiled."""
    cached = map(_cached_name, (name for name in names if name.endswith(".py")))
    return [name for name in cached if (folder / name).exists()]


def _cached_name(name: str) -> str:
    path = PurePosixPath(name)
    return str(path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc")


def _run_worker(folder: Path, names: list[str]) -> list[str]:
    result = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-W", "ignore", _WORKER],
        cwd=folder,
        env=inherited_environment(),
        input="".join(f"{name}\0" for name in names),
        encoding="utf-8",
        stdout=subprocess.PIPE,
        # Ctrl-C on a terminal reaches us alone: a worker would print a traceback.
        process_group=0,
        check=True,
    )
    return result.stdout.split("\0")[:-1]
