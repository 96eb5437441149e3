"""Local stages that run on this machine: each leaves a file, locked for as long as it lives.

The file holds the secret of the stage's emulator, so only its owner may read it.
"""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from infra.errors import LocalStageError
from infra.paths import CACHE

RUNNING: Final = CACHE / "running"
"""Where the files are, one for each port."""


@dataclass(frozen=True)
class RunningStage:
    """What another process needs to know of a local stage."""

    port: int
    """Where it answers."""

    emulator: str = field(repr=False)
    """The URL of the emulator's AWS APIs, with its secret."""

    region: str
    outputs: dict[str, str]
    """The stack's outputs."""


@contextmanager
def announce(stage: RunningStage, folder: Path = RUNNING) -> Generator[None]:
    """Let others find a stage until the block ends.

    If the process is killed its file stays, but not the lock on it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    file, unfinished = folder / f"{stage.port}.json", folder / f"{stage.port}.{os.getpid()}"
    unfinished.touch(mode=0o600)
    with unfinished.open("w") as content:
        fcntl.flock(content, fcntl.LOCK_EX)
        json.dump(asdict(stage), content)
        content.flush()
        # Whole and locked from the moment that others see it.
        unfinished.rename(file)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def find_running(port: int | None = None, folder: Path = RUNNING) -> RunningStage:
    """The local stage that runs, on this port if one is given.

    Raises:
        LocalStageError: if there is none, or several to choose from.
    """
    stages = [stage for stage in _running(folder) if port in {None, stage.port}]
    if not stages:
        where = f" on port {port}" if port else ""
        raise LocalStageError(f"make up is not running{where}: start it in another terminal.")
    if len(stages) > 1:
        ports = ", ".join(str(stage.port) for stage in stages)
        raise LocalStageError(f"Several local stages run: choose one with --port ({ports}).")
    return stages[0]


def _running(folder: Path) -> list[RunningStage]:
    found = (_read(file) for file in sorted(folder.glob("*.json")))
    return [stage for stage in found if stage]


def _read(file: Path) -> RunningStage | None:
    """What a file tells, if the process that left it is alive."""
    try:
        with file.open() as content:
            fcntl.flock(content, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return RunningStage(**json.loads(file.read_text()))
    except FileNotFoundError:
        pass
    return None
