"""Errors that no command expects: one or two lines, and a file with the traceback of a bug."""

import errno
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from infra.errors import SettingsError
from infra.paths import ROOT
from portfolio.errors.failures import explain_failure, issues_address
from portfolio.terminal import Terminal
from tests.commands import BUG


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error) as caught:
        return caught


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "No space left on device. Free some space there. TMPDIR names the folder"),
        (errno.EROFS, "Read-only file system. Use a checkout in a writable folder."),
        (errno.EMFILE, "Too many open files. Raise the limit (ulimit -n 4096)."),
        (errno.ENAMETOOLONG, "File name too long. Use a folder with a shorter path."),
        (errno.ENOMEM, "Cannot allocate memory. End other programs, or raise"),
        (errno.EACCES, "Permission denied. Change its owner (chown) or its mode (chmod), or"),
    ],
)
def test_a_refusal_of_the_system_has_its_place_and_a_next_step(
    number: int, advice: str, tmp_path: Path
) -> None:
    error = OSError(number, os.strerror(number), str(tmp_path))
    for each in (error, ExceptionGroup("tasks", [ExceptionGroup("more", [error])])):
        message = explain_failure(each)
        assert message.startswith(f"{tmp_path}: {advice}")
        assert "\n" not in message


def test_the_owner_of_a_refused_file_is_named() -> None:
    before = os.geteuid()
    os.seteuid(before or 65534)
    try:
        error = PermissionError(errno.EACCES, "Permission denied", "/etc/passwd")
        assert explain_failure(error).startswith("/etc/passwd (of the user root): Permission")
    finally:
        os.seteuid(before)


def test_an_error_for_the_user_keeps_its_message_in_a_group() -> None:
    group = ExceptionGroup("tasks", [SettingsError("memory = 1: must be 128 or more.")])
    assert explain_failure(group) == "memory = 1: must be 128 or more."


def test_no_memory_and_no_thread_are_not_bugs() -> None:
    assert explain_failure(MemoryError()).startswith("No memory is left. End other programs")
    error = RuntimeError("can't start new thread")
    assert explain_failure(error).startswith("can't start new thread. End other programs")


def test_a_bug_is_reported_with_its_line_and_a_file_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(TypeError) as caught:
        Terminal().say(object())  # pyright: ignore[reportArgumentType] - a mistake in the code
    message = explain_failure(caught.value)
    (file,) = tmp_path.iterdir()
    assert re.fullmatch(
        rf"{BUG}: TypeError: [^\n]+ \(infra/processes/printable\.py:\d+\)\.\n"
        rf"Report it at {issues_address()} with the traceback in {file}\.",
        message,
    )
    assert file.read_text().startswith("Traceback (most recent call last):\n")
    assert file.stat().st_mode & 0o077 == 0


def test_an_unknown_error_of_the_system_is_a_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert explain_failure(raised(FileNotFoundError(2, "No such file", "x"))).startswith(BUG)


def test_the_address_is_the_one_of_the_repository() -> None:
    repository = re.search(
        r"repository: (\S+)", (ROOT / "infra/bootstrap/Pulumi.prod.yaml").read_text()
    )
    assert repository
    assert issues_address() == f"https://github.com/{repository[1]}/issues"


LIMITS = """
import resource
from infra.processes.refusals import allow_open_files
for limits in ((100, 4096), (16, 16)):
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    print(allow_open_files() or resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def test_a_low_limit_of_open_files_is_raised_or_named() -> None:
    words = [sys.executable, "-c", LIMITS]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == [
        "1024",
        "A process may open only 16 files here. Raise the limit (ulimit -n 4096).",
    ]
