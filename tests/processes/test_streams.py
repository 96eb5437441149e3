"""Standard input and outputs that are closed, full, a broken pipe or not UTF-8."""

import os
import subprocess
import sys
from typing import Any

import pexpect
import pytest

from infra.paths import ROOT

PROGRAM = """
import sys
from infra.processes.streams import find_failed_output, open_streams
open_streams()
print(repr(sys.stdin.read()), "\u2713 \u2026 \\udce9 \U0001f600")
print("\u00b7 a step \u2192", file=sys.stderr)
sys.stderr.flush()
failed = find_failed_output()
print(failed, file=sys.stderr)
sys.exit(bool(failed))
"""
RESULT = "'' \u2713 \u2026 ".encode() + b"\xe9 " + "\U0001f600\n".encode()
STEP = "\u00b7 a step \u2192\n\n".encode()


def run(redirections: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", f'"$0" -c "$1" {redirections}', sys.executable, PROGRAM],
        cwd=ROOT,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("redirections", ["", "<&-"])
def test_open_streams_and_a_closed_input(redirections: str) -> None:
    done = run(redirections)
    assert (done.returncode, done.stdout, done.stderr) == (0, RESULT, STEP)


@pytest.mark.parametrize(
    ("redirections", "reason"),
    [
        (">/dev/full", b"No space left on device"),
        (">&-", b"Bad file descriptor"),
        ("<&- >&-", b"Bad file descriptor"),
    ],
)
def test_an_output_that_fails_is_named_once(redirections: str, reason: bytes) -> None:
    done = run(redirections)
    message = b"Standard output cannot be written: %s.\n" % reason
    assert (done.returncode, done.stderr) == (1, STEP.removesuffix(b"\n") + message)


def test_a_closed_error_output_loses_its_lines_alone() -> None:
    done = run("2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, RESULT, b"")


def test_results_are_utf_8_and_messages_fit_the_encoding() -> None:
    done = run("", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout, done.stderr) == (0, RESULT, b"- a step ->\n\n")


def test_a_terminal_gets_characters_that_it_can_show() -> None:
    spawn: Any = pexpect.spawn
    terminal = spawn(
        sys.executable,
        ["-c", PROGRAM.replace("sys.stdin.read()", "0")],
        cwd=str(ROOT),
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert terminal.read() == b"0 + ... \\udce9 \\U0001f600\r\n- a step ->\r\n\r\n"


def test_a_command_whose_reader_is_gone_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "portfolio", "event", "GET"]
    for stream, path in (("stdout", "/blogs"), ("stderr", "blogs")):
        outputs = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, stream: writing}
        done = subprocess.run([*command, path], cwd=ROOT, check=False, **outputs)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownVariableType]
        assert (done.returncode, done.stderr or b"") == (1, b"")
    os.close(writing)
