"""The running local stages of this machine: each has a file, and keeps it locked.

The file has the secret of the stage's emulator, so only its owner may read it.
"""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from botocore.config import Config

from infra.errors import LocalStageError
from infra.paths import CACHE

RUNNING: Final = CACHE / "running"
"""The folder of the files, one for each port."""

EMULATOR_CONFIG: Final = Config(proxies={}, retries={"total_max_attempts": 1})
"""Configuration of the emulator's clients: no proxy and no retries, as it is on this machine."""


@dataclass(frozen=True)
class RunningStage:
    """The facts of a local stage for other processes."""

    port: int
    """The port of the API on localhost."""

    emulator: str = field(repr=False)
    """The URL of the emulator's AWS APIs, with its secret."""

    region: str
    outputs: dict[str, str]
    """The stack's outputs."""

    owner_password: str | None = field(default=None, repr=False)
    """The password of the stage's owner, if it is known."""

    status_url: str | None = None
    """The address of the status page, if the stage has one."""


@contextmanager
def announce(stage: RunningStage, folder: Path = RUNNING) -> Generator[None]:
    """Publish a stage for other processes until the block ends.

    If the process is killed, its file stays but the lock on it does not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    file, unfinished = folder / f"{stage.port}.json", folder / f"{stage.port}.{os.getpid()}"
    unfinished.touch(mode=0o600)
    with unfinished.open("w") as content:
        fcntl.flock(content, fcntl.LOCK_EX)
        json.dump(asdict(stage), content)
        content.flush()
        # Others see the file complete and locked, or not at all.
        unfinished.rename(file)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def find_running(port: int | None = None, folder: Path = RUNNING) -> RunningStage:
    """Return the running local stage.

    Args:
        port: its port; needed only if several stages are running.
        folder: the folder of the files.

    Raises:
        LocalStageError: if none is running, or if several are and no port is given.
    """
    stages = [stage for stage in _running(folder) if port in {None, stage.port}]
    if not stages:
        where = f" on port {port}" if port else ""
        raise LocalStageError(f"make up is not running{where}: start it in another terminal.")
    if len(stages) > 1:
        ports = ", ".join(str(stage.port) for stage in stages)
        raise LocalStageError(
            f"Several local stages are running: choose one with --port ({ports})."
        )
    return stages[0]


def _running(folder: Path) -> list[RunningStage]:
    found = (_read(file) for file in sorted(folder.glob("*.json")))
    return [stage for stage in found if stage]


def _read(file: Path) -> RunningStage | None:
    """Return the stage of a file, or None if its process has ended."""
    try:
        with file.open() as content:
            fcntl.flock(content, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return RunningStage(**json.loads(file.read_text()))
    except FileNotFoundError:
        pass
    return None
