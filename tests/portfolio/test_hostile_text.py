"""Text from outside, put into every command: no output steers a terminal or a page."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pexpect
import pulumi
import pytest

from infra.deployment import pulumi_errors
from infra.errors import PortfolioError
from infra.processes.printable import markdown_code
from portfolio.inspection.comparison_markdown import (
    describe_zip_beside_base,
    describe_zip_without_base,
)
from portfolio.inspection.measurements import Measurement
from portfolio.previews.resource_changes import Changes
from portfolio.previews.summary import summarise
from tests.commands import run_command

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

LINK: Final = "\x1b]8;;http://attacker.example\x1b\\link\x1b]8;;\x1b\\"
LINE: Final = "error: a line of ours"
HOSTILE: Final = (
    f"\x1b[2J{LINK}\x9b1A\x07\u202e\u200b\U000e0041\x7f[link=http://attacker.example]a[/link][/x]"
    "<script>alert(1)</script>|`![a](http://attacker.example)@all"
    f"\n{LINE}"
)
"""A text with ESC, CSI, OSC 8, C1, bidi, zero width, a tag, DEL, markup, HTML, Markdown, a line."""

NAME: Final = HOSTILE.replace("/", "-")
"""The same as the name of a file."""

COMMANDS: Final = [
    (HOSTILE,),
    (f"--{HOSTILE}",),
    ("adopt", "--stack", HOSTILE),
    ("content", "import", NAME, "--stack", "local"),
    ("content", "export", "--stack", HOSTILE),
    ("event", HOSTILE, HOSTILE),
    ("inspect", NAME),
    ("inspect", "--base", HOSTILE),
    ("invoke", HOSTILE, HOSTILE),
    ("invoke", "GET", f"/{HOSTILE}"),
    ("invoke", "--direct", "--event", NAME),
    ("logs", "--stack", HOSTILE),
    ("logs", "--since", HOSTILE),
    ("migrate", "--table", HOSTILE),
    ("new", NAME),
    ("open", HOSTILE),
    ("outputs", HOSTILE),
    ("outputs", "--stack", HOSTILE),
    ("owner", "create", HOSTILE),
    ("owner", "remove", HOSTILE, "--yes"),
    ("preview", "down", HOSTILE),
    ("probe", HOSTILE),
    ("probe", f"http://{HOSTILE}"),
    ("rollback", HOSTILE),
    ("secret", "set", HOSTILE, "--stack", "local"),
    ("stages", HOSTILE),
    ("traces", "--stack", HOSTILE),
    ("validate", "--stack", HOSTILE),
]
"""Wrong words and names of files; each command fails before it changes something."""


def expect_safe(text: str) -> None:
    """Fail if a text has a character that is not printable, or a line of the attacker's."""
    assert all(each.isprintable() for each in text.replace("\n", "").replace("\t", "")), ascii(text)
    assert not any(line.startswith(LINE) for line in text.splitlines()), text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a file of a hostile name."""
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(tmp_path / NAME, "w") as archive:
        archive.writestr(NAME, HOSTILE)
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda each: " ".join(each).split("\x1b")[0])
def test_an_argument_is_printed_without_effect(arguments: tuple[str, ...]) -> None:
    result = run_command(*arguments)
    assert result.code != 0
    expect_safe(result.printed)


@pytest.mark.real
def test_content_of_a_stage_is_printed_without_effect(local_stage: "ServedStage") -> None:
    port = f"--port={local_stage.port}"
    post = json.dumps({"title": HOSTILE, "content": HOSTILE})
    created = run_command("invoke", "POST", "/blogs", "--as", "owner", "--body", post, port)
    expect_safe(created.printed)
    # The escapes in the answer are JSON's too.
    path = f"/blogs/{json.loads(created.out)['id']}"
    # The function logs the path of a request.
    run_command("invoke", "GET", "/%1b%5d8;;x%07%c2%9b%e2%80%ae", port)
    for command in (
        ("invoke", "GET", path, "--as", "owner"),
        ("invoke", "GET", path, "--direct"),
        ("owner", "list", "--stack", "local"),
        ("logs", "--stack", "local", "--since", "1m"),
        ("logs", "--stack", "local", "--since", "1m", "--json"),
        ("content", "export", "--stack", "local"),
    ):
        expect_safe(run_command(*command, port).printed)
    deleted = run_command("invoke", "DELETE", path, "--as", "owner", port)
    assert deleted.code == 0, deleted.err


def test_a_spinner_and_a_progress_bar_show_markup_as_text() -> None:
    script = f"""
from portfolio.terminal import Terminal
terminal, text = Terminal(), {HOSTILE!r}
with terminal.working(text):
    pass
with terminal.progress(text, 1):
    pass
print("done")
"""
    variables = os.environ | {"TERM": "xterm", "COLUMNS": "400"}
    run: pexpect.spawn[str] = pexpect.spawn(
        sys.executable, ["-c", script], env=variables, encoding="utf-8", dimensions=(24, 400)
    )
    run.expect_exact("done")
    run.close()
    assert run.before
    assert run.before.count("[link=http://attacker.example]a[/link][/x]") >= 2
    assert LINK not in run.before
    assert not set("\x9b\x07\u202e\u200b\x7f") & set(run.before)


def test_pulumi_gets_printable_text() -> None:
    with pytest.raises(pulumi.RunError) as refused, pulumi_errors():
        raise PortfolioError(HOSTILE)
    expect_safe(str(refused.value))


@pytest.mark.parametrize(
    "statement",
    [
        'logging.getLogger("urllib3.connection").warning("a text %s", HOSTILE)',
        "warnings.warn(HOSTILE)",
        "raise ValueError(HOSTILE)",
        "threading.Thread(target=exec, args=('raise ValueError(HOSTILE)',)).start()",
        "weakref.finalize(type('Gone', (), {})(), exec, 'raise ValueError(HOSTILE)')",
    ],
    ids=["log", "warning", "error", "thread", "destructor"],
)
def test_everything_that_python_prints_is_printable(statement: str) -> None:
    text = HOSTILE + " http://127.0.0.1:1/" + "s" * 43
    script = f"""
import logging, threading, warnings, weakref
from infra.processes.printable import make_pythons_output_printable
HOSTILE = __builtins__.HOSTILE = {text!r}
make_pythons_output_printable()
{statement}
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert "attacker.example" in done.stderr
    assert "sss" not in done.stderr.replace(repr(text), "")
    expect_safe(done.stderr)


def test_each_command_makes_python_s_output_printable() -> None:
    script = """
import contextlib, warnings
from portfolio.cli import main
with contextlib.suppress(SystemExit):
    main(["--version"])
warnings.warn("a text \x1b[2J")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert "UserWarning: a text \\x1b[2J" in done.stderr


def test_markdown_shows_text_as_code() -> None:
    own, base = Measurement(1, None, HOSTILE), Measurement(1, 1.0)
    changes = Changes()
    for text in (
        describe_zip_without_base(own, HOSTILE, HOSTILE),
        describe_zip_beside_base(own, base, HOSTILE),
        summarise(HOSTILE, {"api_url": "https://api.example"}, changes),
    ):
        expect_safe(text)
        assert text.count("<script>") == text.count(markdown_code(HOSTILE)) > 0
    assert markdown_code("a `b` c") == "`` a `b` c ``"
    assert markdown_code("a|b\nc") == "`a\\|b c`"
