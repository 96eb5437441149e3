"""A scan of the files of a test run for secrets and personal data made up by the tests.

Tests make up e-mails, passwords, tokens and addresses, and each kind has a mark. A run fails if
one of them is in a file that the run has left: a log, a state, a report or a cache. Allowed are:

- values of the checkout's older files: they are examples
- files in `KEEPERS` that only their owner can reach: they are meant to hold secrets

A zip is not unpacked. A test that needs such a value in a file deletes the file.
"""

import os
import re
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import pytest

KEEPERS: Final = frozenset({".kept", ".secrets", "running"})
"""Folders for secrets: the kept data, the secrets and the announcement of a local stage."""

FOREIGN: Final = frozenset(
    {
        ".git",
        ".venv",
        "__pycache__",
        "archive-v0",
        "build-image",
        "node_modules",
        "pulumi-engine",
        "site-packages",
        "uv",
    }
)
"""Folders of other programs' files; a compiled file only holds the constants of its source.

`archive-v0` is a folder of uv's cache. Examples in botocore have addresses as our tests do.
"""

_KINDS: Final = {
    "token": ((b"eyJ",), rb"eyJ[\w-]{16,}\.eyJ[\w-]{40,}\.[\w-]{40,}"),
    "password": ((b"-Aa1", b"Aa1!"), rb"(?<![\w-])[\w-]{16}-Aa1(?![\w-])|Aa1![0-9a-f]{32}"),
    "emulator's secret": ((b"127.0.0.1:",), rb"127\.0\.0\.1:\d+/[\w-]{43}(?![\w-])"),
    "e-mail": ((b"@example.com",), rb"[0-9a-f]{32}@example\.com"),
    "address": ((b"203.0.113.",), rb"203\.0\.113\.\d+"),
}
"""The kinds of values: the marks that each value has one of, and the pattern of the value."""

_PATTERNS: Final = {kind: (marks, re.compile(text)) for kind, (marks, text) in _KINDS.items()}
_CLOCK_STEP: Final = 0.05
"""Seconds: a file system may give a file a slightly older time than the clock's."""


@dataclass(frozen=True)
class Leak:
    """A file with a value of a kind; the value itself is never printed."""

    file: Path
    kind: str


def find_leaks(checkout: Path, folders: Iterable[Path], since: float) -> list[Leak]:
    """Return the files written since a time that hold made-up values.

    Args:
        checkout: the folder of the sources.
        folders: further folders with files of the run.
        since: the start of the run, in seconds since the epoch.
    """
    old: list[Path] = []
    new: set[Path] = set()
    start = since - _CLOCK_STEP
    for file, changed in _files(checkout):
        if changed >= start:
            new.add(Path(file))
        elif "/.cache/" not in file:
            old.append(Path(file))
    for folder in folders:
        new.update(Path(file) for file, changed in _files(folder) if changed >= start)
    examples = {value for file in old for _, value in _values(file)}
    return sorted(
        {
            Leak(file, kind)
            for file in new
            for kind, value in _values(file)
            if value not in examples and not _may_hold_secrets(file)
        },
        key=lambda leak: (leak.file, leak.kind),
    )


def _files(folder: Path) -> Iterator[tuple[str, float]]:
    """Yield a folder's own files, and the time of each one's last change."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in FOREIGN]
        for name in names:
            file = f"{parent}/{name}"
            # Another program may delete it meanwhile.
            with suppress(FileNotFoundError):
                status = os.lstat(file)
                if stat.S_ISREG(status.st_mode):
                    yield file, status.st_mtime


def _values(file: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the made-up values of a file with their kinds."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return
    for kind, (marks, pattern) in _PATTERNS.items():
        if any(mark in content for mark in marks):
            yield from ((kind, value) for value in pattern.findall(content))


def _may_hold_secrets(file: Path) -> bool:
    """Return True for a file of a keeper that other users cannot reach, or cannot read."""
    for place in (file, *file.parents):
        if KEEPERS.isdisjoint(place.parts):
            return False
        if not place.stat().st_mode & 0o077:
            return True
    return False


def _scratch_folders() -> Iterator[Path]:
    """Yield the temporary folders of emulators that have ended."""
    used = {Path(process.info["cwd"] or "/") for process in psutil.process_iter(["cwd"])}
    for folder in {Path("/dev/shm"), Path(tempfile.gettempdir())}:  # noqa: S108 - only read
        yield from (each for each in folder.glob("portfolio-emulator-*") if each not in used)


class LeakScan:
    """The scan at the end of a run, in the process that controls the others."""

    def __init__(self) -> None:
        """Remember the start."""
        self._since = time.time()
        self._folders: set[Path] = set()
        self._leaks: list[Leak] = []

    @pytest.fixture(scope="session", autouse=True)
    def note_folder(
        self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Note the temporary folder; a process of pytest-xdist sends it to the controller."""
        folder = tmp_path_factory.getbasetemp()
        self._folders.add(folder)
        getattr(request.config, "workeroutput", {})["folder"] = str(folder)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Note the temporary folder of a process of pytest-xdist; one that crashed sends none."""
        output: dict[str, str] = getattr(node, "workeroutput", {})
        if folder := output.get("folder"):
            self._folders.add(Path(folder))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run if it has left a made-up value in a file."""
        if hasattr(session.config, "workeroutput"):
            return
        folders = [*self._folders, *_scratch_folders()]
        self._leaks = find_leaks(session.config.rootpath, folders, self._since)
        if self._leaks and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the files, and never the values."""
        for leak in self._leaks:
            terminalreporter.write_line(f"leaked {leak.kind}: {leak.file}", red=True)
