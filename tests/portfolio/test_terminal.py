"""Text from outside cannot steer the terminal, whichever way it is printed."""

import json
import os
import sys
import time
from collections.abc import Callable

import pexpect
import pytest
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from portfolio.terminal import Terminal

NASTY = {
    "\x1b[2J": r"\x1b[2J",
    "\x1b]0;title\x07": r"\x1b]0;title\x07",
    "\x9b2J": r"\u009b2J",
    "\x00\x08\x0b\x0c": r"\x00\x08\x0b\x0c",
    "over\rwritten": r"over\rwritten",
    "\x7f": r"\u007f",
    "\u202egnp.exe": r"\u202egnp.exe",
    "\u2066\u200b\u2028": r"\u2066\u200b\u2028",
    "\udc9b": r"\udc9b",
    "\U000e0041": r"\udb40\udc41",
}
"""Texts from outside, and how they are shown."""


def _in_a_table(terminal: Terminal, text: str) -> None:
    table = Table(text, title=text)
    table.add_row(text)
    terminal.show(Group(table, Panel(Text(text))))


def _as_a_style(terminal: Terminal, text: str) -> None:
    terminal.say(Text.assemble(("before", "red"), (text, "bold"), ("after", "green")))


PRINTERS: dict[str, Callable[[Terminal, str], None]] = {
    "say": Terminal.say,
    "say a Text": lambda terminal, text: terminal.say(Text(text)),
    "say a styled Text": _as_a_style,
    "say indented": lambda terminal, text: terminal.say_indented(Text(text)),
    "step": Terminal.step,
    "note": Terminal.note,
    "warn": Terminal.warn,
    "fail": Terminal.fail,
    "show a table": _in_a_table,
    "show a string": Terminal.show,
}
REMOVED_BY_RICH = set("\x07\x08\x0b\x0c\r")
"""Control characters that a Text, or a cell of a table, does not even take."""


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize("printer", PRINTERS)
@pytest.mark.parametrize("text", NASTY)
def test_what_is_not_printable_is_escaped(
    printer: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    PRINTERS[printer](Terminal(), f"<{text}>")
    shown = printed(capsys)
    assert all(each.isprintable() for each in shown.replace("\n", "")), ascii(shown)
    if not REMOVED_BY_RICH & set(text) or printer in {"say", "step", "note", "warn", "fail"}:
        assert f"<{NASTY[text]}>" in shown


@pytest.mark.parametrize("printer", ["say", "step", "note", "warn", "fail"])
def test_our_own_lines_stay_apart_and_columns_stay_in_place(
    printer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    PRINTERS[printer](Terminal(), "one:\r\n  two\n\tthree\n")
    assert printed(capsys).endswith("one:\n  two\n        three\n" + "\n" * (printer == "say"))


def test_styles_stay_with_their_parts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    _as_a_style(Terminal(), "\x1b[2J\x9b")
    assert printed(capsys) == (
        "\x1b[31mbefore\x1b[0m" + "\x1b[1m" + r"\x1b[2J\u009b" + "\x1b[0m\x1b[32mafter\x1b[0m\n"
    )


@pytest.mark.parametrize("printer", PRINTERS)
def test_words_that_look_like_markup_stay(printer: str, capsys: pytest.CaptureFixture[str]) -> None:
    PRINTERS[printer](Terminal(), "[red]a[/x] :smile:")
    assert "[red]a[/x] :smile:" in printed(capsys)


def test_json_stays_json(capsys: pytest.CaptureFixture[str]) -> None:
    content = dict.fromkeys(NASTY, "\n\t\x7f")
    Terminal().say(json.dumps(content, indent=2))
    assert json.loads(printed(capsys)) == content


def test_the_first_step_is_printed_for_people_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Terminal().begin("reading")
    assert printed(capsys) == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    Terminal().begin("reading")
    assert capsys.readouterr().err.endswith("reading\n")


def test_progress_and_warnings_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    for printer in (terminal.step, terminal.warn, terminal.note, terminal.fail):
        printer("away")
    terminal.say("result")
    captured = capsys.readouterr()
    assert captured.out == "result\n"
    assert captured.err == "· away\n! away\naway\nerror: away\n"


LONG = Text(
    f"12:30:00.000 ERROR   a failure with many words and https://example.com/{'x' * 70}\n"
    '    File "backend/src/api/content.py", line 12, in read_a_published_post'
)


def test_a_long_line_of_a_log_is_indented_below_its_first_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    Terminal().say_indented(LONG)
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "12:30:00.000 ERROR   a failure with many words and",
        "    https://example.com/" + "x" * 36,
        "    " + "x" * 34,
        '    File "backend/src/api/content.py", line 12, in',
        "        read_a_published_post",
    ]


def test_without_a_terminal_a_line_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().say_indented(LONG)
    assert capsys.readouterr().out == f"{LONG.plain}\n"


def test_slow_work_gets_a_line_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal = Terminal()
    with terminal.working("zip: building"):
        time.sleep(1.3)
        terminal.doing("program: deploying")
    time.sleep(1.1)
    terminal.doing("nothing")
    assert capsys.readouterr().err == "· zip: building …\n"


def test_a_terminal_gets_a_spinner_with_the_seconds_and_its_cursor_back() -> None:
    script = """
from portfolio.terminal import Terminal
terminal = Terminal()
try:
    with terminal.working("zip: building"):
        terminal.step("beside it")
        terminal.doing("program: deploying")
        raise KeyboardInterrupt
except KeyboardInterrupt:
    terminal.say("Stopped.")
"""
    run: pexpect.spawn[str] = pexpect.spawn(
        sys.executable, ["-c", script], env=os.environ | {"TERM": "xterm"}, encoding="utf-8"
    )
    for part in ("\x1b[?25l", "zip: building  0 s", "beside it", "program: deploying  0 s"):
        run.expect_exact(part)
    run.expect_exact("\x1b[?25h")
    run.expect_exact("Stopped.")
    run.expect(pexpect.EOF)
    run.close()
