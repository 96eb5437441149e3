"""One signal at one moment of a command on a terminal, and everything that the command leaves."""

import os
import re
import signal
import time
import uuid
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pexpect

from infra.paths import ROOT

LIMIT: Final = 5.0
"""Seconds from a signal to the end of the command."""

_UVS_LOCK: Final = re.compile(r"/uv-[0-9a-f]{16}\.lock$")
"""The file that uv leaves in the folder for temporary files after each call, for each project."""

_GIVE_UP: Final = 30.0
"""Seconds until a command that ignores the signal is killed."""


@dataclass(frozen=True)
class Manner:
    """A way to send a signal to a command."""

    name: str
    number: signal.Signals
    is_for_make: bool
    """False if make waits for its recipe and does not pass the signal on to it."""

    send: "Callable[[pexpect.spawn[bytes]], object]"


def _sent(number: signal.Signals, *, is_for_make: bool) -> Manner:
    """Return the manner of a signal to the process alone."""
    return Manner(
        f"{number.name} sent",
        number,
        is_for_make=is_for_make,
        send=lambda terminal: terminal.kill(number),
    )


MANNERS: Final = (
    Manner(
        "Ctrl-C typed", signal.SIGINT, is_for_make=True, send=lambda terminal: terminal.sendintr()
    ),
    _sent(signal.SIGTERM, is_for_make=True),
    _sent(signal.SIGINT, is_for_make=False),
    _sent(signal.SIGHUP, is_for_make=False),
    Manner(
        "SIGTERM sent to the group",
        signal.SIGTERM,
        is_for_make=True,
        send=lambda terminal: os.killpg(terminal.pid or 0, signal.SIGTERM),
    ),
)


@dataclass(frozen=True)
class Command:
    """A command line, and the place it runs in."""

    words: Sequence[str]
    folder: Path = ROOT
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    ready: bytes | None = None
    """The last line of its start, if only a signal ends it."""

    first: bytes | None = None
    """The line from which on the moments count, if not from the start."""

    watched: Sequence[Path] = ()
    """Folders that must have the same files after a signal."""

    results: Callable[[Path], bool] = lambda _: False
    """Returns True for a file that may stay: a complete result of the command."""

    manners: Sequence[Manner] = MANNERS
    """The ways to send a signal, in turns."""


@dataclass(frozen=True)
class End:
    """The end of a command after a signal."""

    manner: Manner
    code: int | None
    seconds: float
    printed: str
    left: Sequence[str]
    had_ended: bool

    def check(self) -> None:
        """Raise an error with each broken promise."""
        found = [f"it has left {each}" for each in self.left]
        if self.seconds > LIMIT:
            found.append(f"it has ended after {self.seconds:.1f} s")
        if "Traceback" in self.printed or "Exception ignored" in self.printed:
            found.append("it has printed a traceback")
        if self.code not in {128 + self.manner.number} | ({0} if self.had_ended else set()):
            found.append(f"its exit code is {self.code}")
        assert not found, f"{self.manner.name}: {'; '.join(found)}: {self.printed[-2000:]!r}"


def measure_seconds(command: Command, temporary: Path) -> float:
    """Run a command without a signal; return its seconds, plus one if only a signal ends it."""
    with _started(command, temporary, uuid.uuid4().hex) as terminal:
        _read_to_first(terminal, command)
        started = time.monotonic()
        printed = _read_until(terminal, started + _GIVE_UP * 4, command.ready)
        if command.ready:
            assert command.ready in printed, printed.decode()
        else:
            assert terminal.wait() == 0, printed.decode()
    return time.monotonic() - started + bool(command.ready)


def run_trial(command: Command, manner: Manner, moment: float, temporary: Path) -> End:
    """Run a command, send a signal after some seconds, and look at its end."""
    mark = uuid.uuid4().hex
    folder = temporary / mark
    folder.mkdir(parents=True)
    before = _files(command.watched)
    with _started(command, folder, mark) as terminal:
        printed = _read_to_first(terminal, command)
        printed += _read_until(terminal, time.monotonic() + moment)
        session, begun = terminal.pid, time.monotonic()
        had_ended = not terminal.isalive()
        if not had_ended:
            manner.send(terminal)
        printed += _read_to_end(terminal)
        # A program that uv has just started may end a moment after uv.
        while _processes(mark, session) and time.monotonic() < begun + LIMIT:
            time.sleep(0.02)
        seconds = time.monotonic() - begun
        code = terminal.exitstatus
        if terminal.signalstatus is not None:
            code = 128 + terminal.signalstatus
        left = [f"the process {each}" for each in _processes(mark, session)]
        left += [f"the file {each}" for each in _files([folder]) if not _UVS_LOCK.search(each)]
        left += [
            f"the file {each}"
            for each in _files(command.watched) - before
            if not command.results(Path(each))
        ]
    text = printed.decode(errors="replace")
    return End(manner, code, seconds, text, left, had_ended)


@contextmanager
def _started(command: Command, folder: Path, mark: str) -> "Generator[pexpect.spawn[bytes]]":
    program, *arguments = command.words
    terminal: pexpect.spawn[bytes] = pexpect.spawn(
        program,
        arguments,
        cwd=str(command.folder),
        env={
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("COV", "GRPC"))
            },
            **command.variables,
            "TMPDIR": str(folder),
        },
        timeout=_GIVE_UP,
        dimensions=(50, 200),
    )
    terminal.delayafterclose = terminal.delayafterterminate = 0.01
    terminal.delaybeforesend = None
    try:
        yield terminal
    finally:
        terminal.close(force=True)
        for process in _processes(mark, terminal.pid):
            os.kill(int(process.split()[0]), signal.SIGKILL)


def _read_to_first(terminal: "pexpect.spawn[bytes]", command: Command) -> bytes:
    if not command.first:
        return b""
    return _read_until(terminal, time.monotonic() + _GIVE_UP * 4, command.first)


def _read_until(
    terminal: "pexpect.spawn[bytes]", deadline: float, line: bytes | None = None
) -> bytes:
    printed = b""
    while (rest := deadline - time.monotonic()) > 0 and not (line and line in printed):
        try:
            printed += terminal.read_nonblocking(4096, timeout=rest)
        except pexpect.TIMEOUT:
            break
        except pexpect.EOF:
            terminal.wait()
            break
    return printed


def _read_to_end(terminal: "pexpect.spawn[bytes]") -> bytes:
    printed, deadline = b"", time.monotonic() + _GIVE_UP
    while time.monotonic() < deadline:
        try:
            printed += terminal.read_nonblocking(4096, timeout=0.05)
        except pexpect.TIMEOUT:
            # A process that is left holds the terminal open.
            if not terminal.isalive():
                return printed
        except pexpect.EOF:
            break
    if terminal.isalive() and time.monotonic() < deadline:
        terminal.wait()
    return printed


def _files(folders: Sequence[Path]) -> set[str]:
    return {str(path) for folder in folders for path in folder.rglob("*")}


def _processes(mark: str, session: int | None) -> list[str]:
    """Return the processes of a session, and those with the mark in their environment."""
    found: list[str] = []
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if status[0] == "Z":
            continue
        if int(status[3]) == session or mark.encode() in environment:
            found.append(f"{entry.name} {words}")
    return found
