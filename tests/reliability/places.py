"""Places for a command: file systems, outputs, locales, working directories and limits.

A place has mounts of its own, so it needs Linux and root.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from infra.processes.environment import inherited_environment

_LONGEST: Final = 180.0
"""Seconds until a command that hangs is killed."""

_LINES: Final = 3
"""Lines of an error at most: two of its own, and one that a library adds."""

_ENDED: Final = 130
"""The exit code after Ctrl-C."""

_BUGS: Final = ("Traceback (most", "Exception ignored", "This is a bug", "Fatal Python")

_WRITABLE: Final = (
    '"$TMPDIR"',
    '"$WORK/out"',
    '"$CHECKOUT/.cache/package"',
    '"$CHECKOUT/.cache/running"',
)
"""The folders that commands write to."""

_AS_NOBODY: Final = (
    "set -- setpriv --reuid=65534 --regid=65534 --clear-groups"
    ' --inh-caps=+dac_read_search --ambient-caps=+dac_read_search -- "$@"'
)
"""The user owns no file, and reads every file, so that Python may be anywhere."""

FILE_SYSTEMS: Final = "other file systems and owners"
FULL_DISKS: Final = "full disks"
OUTPUTS: Final = "failing outputs"
SETTINGS: Final = "locales, variables and terminals"
FOLDERS: Final = "odd working directories"
LIMITS: Final = "limits of the system"


@dataclass(frozen=True)
class Place:
    """A place for a command."""

    kind: str
    name: str

    before: str = ""
    """A script of bash that runs first. It knows `$CHECKOUT`, `$WORK` and `$TMPDIR`."""

    streams: str = ""
    """Redirections of the command."""

    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    is_harmless: bool = False
    """True if each command must have the same exit code as in an ordinary place."""

    @property
    def script(self) -> str:
        """The script that runs the command."""
        return f'set -e\n{self.before}\n"$@" {self.streams or ""}'


ORDINARY: Final = Place("", "ordinary")


@dataclass(frozen=True)
class Ground:
    """A checkout, and a folder with temporary files (`tmp`) and results (`out`)."""

    checkout: Path
    work: Path
    variables: Mapping[str, str]

    def run(self, place: Place, words: Sequence[str]) -> "End":
        """Run a command of the checkout in a place.

        Raises:
            subprocess.TimeoutExpired: if it hangs.
        """
        own = {"CHECKOUT": str(self.checkout), "WORK": str(self.work)}
        process = subprocess.Popen(
            ["unshare", "--mount", "bash", "-c", place.script, "bash", *words],
            cwd=self.checkout,
            env=inherited_environment()
            | {**own, "TMPDIR": str(self.work / "tmp"), **self.variables, **place.variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            printed, errors = process.communicate(timeout=_LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return End(
            place, process.returncode, printed.decode("utf-8", "replace"), errors.decode("utf-8")
        )


@dataclass(frozen=True)
class End:
    """The end of a command."""

    place: Place
    code: int
    printed: str
    errors: str

    def check(self, ordinary: int) -> None:
        """Raise an error if the command neither works nor says what is wrong.

        Args:
            ordinary: the exit code in an ordinary place.
        """
        text = self.printed + self.errors
        found = [f"it prints {words!r}" for words in _BUGS if words in text]
        # A library ends the process by a signal if it gets no memory.
        if self.code not in {0, 1, 2, ordinary} and "was ended by SIGABRT" not in text:
            found.append(f"its exit code is {self.code}")
        if self.place.is_harmless and self.code != ordinary:
            found.append(f"its exit code is {self.code}, elsewhere {ordinary}")
        # Programs in a pipe end without a message.
        has_message = not re.search("2>|PIPESTATUS", self.place.streams)
        if self.code not in {0, _ENDED} and has_message:
            lines = self.errors.rstrip("\n").split("\n")
            first = [number for number, line in enumerate(lines) if line.startswith("error: ")]
            if not first or len(lines) - first[0] > _LINES:
                found.append("it does not say what is wrong")
        assert not found, f"{'; '.join(found)}: {text[-1500:]!r}"


def find_places() -> Iterator[Place]:
    """Yield all places."""
    yield from _file_systems()
    for size in ("4k", "64k", "256k", "1m", "4m", "16m", "64m", "300m"):
        mounts = [f"mount -t tmpfs -o size={size} tmpfs {each}" for each in _WRITABLE]
        yield Place(FULL_DISKS, f"{size} of free space", "\n".join(mounts))
    yield from _outputs()
    yield from _settings()
    yield from _folders()
    for limit in ("-n 16", "-n 32", "-v 300000", "-f 8"):
        yield Place(LIMITS, f"ulimit {limit}", f"ulimit {limit}")


def _file_systems() -> Iterator[Place]:
    yield Place(FILE_SYSTEMS, "read-only checkout", _read_only('"$CHECKOUT"'))
    yield Place(FILE_SYSTEMS, "read-only TMPDIR", _read_only('"$TMPDIR"'))
    both = f"{_read_only('"$CHECKOUT"')}\n{_read_only('"$WORK"')}"
    yield Place(FILE_SYSTEMS, "everything read-only", both)
    yield Place(FILE_SYSTEMS, "checkout and cache of another user", _AS_NOBODY)
    yield Place(FILE_SYSTEMS, "TMPDIR without programs", _mount('"$TMPDIR"', "noexec"))
    for options in ("noexec", "ro"):
        script = _mount("/dev/shm", options)  # noqa: S108 - it is mounted, and not written
        yield Place(FILE_SYSTEMS, f"shared memory {options}", script, is_harmless=True)
    # No file can be moved or linked from one to another.
    script = "\n".join(_mount(each, "rw") for each in _WRITABLE[:3])
    yield Place(FILE_SYSTEMS, "a file system for each folder", script, is_harmless=True)
    missing = {"TMPDIR": "/nowhere"}
    yield Place(FILE_SYSTEMS, "missing TMPDIR", variables=missing, is_harmless=True)


def _outputs() -> Iterator[Place]:
    gone = '| true; exit "${PIPESTATUS[0]}"'
    for streams in (
        *(">/dev/full", "2>/dev/full", ">/dev/full 2>&1"),
        *(">&-", "2>&-", "<&- >&- 2>&-"),
        *(gone, "2> >(true)", f"2>&1 {gone}"),
    ):
        yield Place(OUTPUTS, streams, streams=streams)
    yield Place(OUTPUTS, "closed input", streams="<&-", is_harmless=True)


def _settings() -> Iterator[Place]:
    variables = [
        *(("LC_ALL", "C"), ("LC_ALL", "POSIX"), ("LC_ALL", "xx_YY.nothing")),
        *(("PYTHONIOENCODING", "latin-1"), ("PYTHONUTF8", "0"), ("PYTHONWARNINGS", "error")),
        *(("PYTHONDEVMODE", "1"), ("PYTHONOPTIMIZE", "2"), ("PYTHONPROFILEIMPORTTIME", "1")),
        *(("PYTHONVERBOSE", "1"), ("PYTHONSAFEPATH", "1"), ("PYTHONPATH", "/nowhere")),
        *(("TERM", "dumb"), ("COLUMNS", "1"), ("TZ", "nowhere"), ("HOME", "/dev/null/nowhere")),
    ]
    for name, value in variables:
        yield Place(SETTINGS, f"{name}={value}", variables={name: value}, is_harmless=True)
    yield Place(SETTINGS, "no HOME", "unset HOME", is_harmless=True)


def _folders() -> Iterator[Place]:
    for name in ("two words", r"a\nbreak", r"\303\251", r"\351", "-x"):
        script = f'folder="$WORK/out/$(printf %b. \'{name}\')"\nmkdir "$folder"; cd "$folder"'
        yield Place(FOLDERS, name, script, is_harmless=True)
    gone = 'mkdir "$WORK/gone"; cd "$WORK/gone"; rmdir "$WORK/gone"'
    yield Place(FOLDERS, "deleted", gone, is_harmless=True)
    closed = 'mkdir -p "$WORK/closed"; chmod 0 "$WORK/closed"; cd "$WORK/closed"'
    yield Place(FOLDERS, "closed to the user", f"{closed}\n{_AS_NOBODY}")


def _read_only(folder: str) -> str:
    return f"mount --bind {folder} {folder}\nmount -o remount,bind,ro {folder}"


def _mount(folder: str, options: str) -> str:
    return f"mount -t tmpfs -o {options} tmpfs {folder}"
