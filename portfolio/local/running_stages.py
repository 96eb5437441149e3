"""The running local stages of this machine: each has a file, and keeps it locked.

The file has the secret of the stage's emulator, so only its owner may read it.
"""

import fcntl
import json
import os
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, TextIO
from urllib.parse import urlsplit

from infra.errors import LocalStageError
from infra.paths import CACHE
from infra.processes.leftovers import noted
from portfolio.local.entrance import make_link

RUNNING: Final = CACHE / "running"
"""The folder of the files, one for each port."""

_LINK_PAGE: Final = """<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={0}">
<title>Status page</title>
<a href="{0}">Status page</a>
"""


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
    """The address of the status page, if the stage has one; only a link opens it."""

    status_secret: str | None = field(default=None, repr=False)
    """The secret for links to the status page."""

    @property
    def status_link(self) -> str | None:
        """A new link to the status page: it works once."""
        if self.status_url is None or self.status_secret is None:
            return None
        return make_link(self.status_url, self.status_secret)


@contextmanager
def announce(stage: RunningStage, folder: Path = RUNNING) -> Generator[Callable[[], None]]:
    """Publish a stage for other processes until the block ends.

    If the process is killed, its file stays but the lock on it does not.

    Yields:
        A function that publishes changed outputs. It raises LocalStageError if that fails; the
        outputs before then stay published.

    Raises:
        LocalStageError: if the file cannot be written.
    """
    file, locks = folder / f"{stage.port}.json", ExitStack()

    def publish() -> None:
        content = _write_locked(stage, file)
        locks.pop_all().close()
        locks.enter_context(content)

    files = [file, *([_link_file(stage.status_url, folder)] if stage.status_url else [])]
    with noted(*files, _unfinished(file)), locks:
        _delete_ended(folder)
        publish()
        try:
            yield publish
        finally:
            for each in files:
                each.unlink(missing_ok=True)


def _delete_ended(folder: Path) -> None:
    """Delete the files of killed stages: each has a password."""
    for file in folder.glob("*.json"):
        # Another start may delete the same files.
        with suppress(OSError):
            if _read(file) is None:
                page = json.loads(file.read_text(encoding="utf-8")).get("status_url") or ""
                _link_file(page, folder).unlink(missing_ok=True)
                file.unlink()


def _write_locked(stage: RunningStage, file: Path) -> TextIO:
    """Write the file of a stage; return it open, because it is locked until it is closed."""
    unfinished = _unfinished(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(0o700)
        unfinished.touch(mode=0o600)
        with ExitStack() as opened:
            content = opened.enter_context(unfinished.open("w", encoding="utf-8"))
            fcntl.flock(content, fcntl.LOCK_EX)
            json.dump(asdict(stage), content)
            content.flush()
            # Others see the file complete and locked, or not at all.
            unfinished.rename(file)
            opened.pop_all()
    except OSError as error:
        raise LocalStageError(f"Other commands cannot find this stage: {error}") from None
    return content


def write_link(link: str, folder: Path = RUNNING) -> str:
    """Write a link to a status page into a file for the browser; return the file's address.

    Only the file's owner can read it. All users can read a browser's command line.

    Args:
        link: the link, of URL-safe characters.
        folder: the folder of the files.
    """
    file = _link_file(link, folder)
    file.touch(mode=0o600)
    file.write_text(_LINK_PAGE.format(link), encoding="utf-8")
    return file.resolve().as_uri()


def _unfinished(file: Path) -> Path:
    return file.with_suffix(f".{os.getpid()}")


def _link_file(status_url: str, folder: Path) -> Path:
    return folder / f"{urlsplit(status_url).port}.html"


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
        with file.open("rb") as content:
            fcntl.flock(content, fcntl.LOCK_SH | fcntl.LOCK_NB)
            # The stage may have replaced the file in this moment.
            is_current = os.path.samestat(os.fstat(content.fileno()), file.stat())
    except BlockingIOError:
        return RunningStage(**json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    return None if is_current else _read(file)
