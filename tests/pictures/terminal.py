"""Pictures of commands: their output on a terminal, as SVG."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pexpect
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from infra.paths import ROOT

WIDTH: Final = 90

_FOLDER: Final = "/home/me/my-api"
"""The checkout in the pictures."""

_FONTS: Final = re.compile(r"\s*@font-face \{.*?\}\n", re.DOTALL)
"""Fonts of another host; a page with the picture does not load them."""

_TEXTS: Final = "{http://www.w3.org/2000/svg}text"
_LINE: Final = re.compile(r"-line-(\d+)\)$")

_CUT: Final = "…"

_THEME: Final = TerminalTheme(
    (13, 17, 23),
    (230, 237, 243),
    [
        *((72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34)),
        *((88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)),
    ],
)


def record(
    command: Sequence[str], *, until: str | None = None, env: Mapping[str, str | None] | None = None
) -> list[Text]:
    """Run a command on a terminal, and return its lines with their colours.

    Args:
        command: the words of the command.
        until: text after which the command is interrupted.
        env: variables to set; None removes one.
    """
    # Without TTY_INTERACTIVE, rich draws no spinner.
    # Another terminal may have set its size for its programs.
    size = {"COLUMNS": str(WIDTH), "LINES": "50"}
    own = {
        "TERM": "xterm-256color",
        "TTY_INTERACTIVE": "0",
        "NO_COLOR": None,
        **size,
        **(env or {}),
    }
    variables = {name: own.get(name, value) for name, value in (os.environ | own).items()}
    process: pexpect.spawn[str] = pexpect.spawn(
        command[0],
        [*command[1:]],
        env={name: value for name, value in variables.items() if value is not None},
        cwd=str(ROOT),
        dimensions=(50, WIDTH),
        encoding="utf-8",
        timeout=120,
    )
    try:
        process.expect_exact(pexpect.EOF if until is None else until)
        text = f"{process.before or ''}{'' if until is None else until}"
        if until is not None:
            process.sendintr()
            process.expect_exact(pexpect.EOF)
    finally:
        process.close(force=True)
    return _lines(text)


def draw(title: str, lines: Sequence[Text], *, most: int | None = None) -> str:
    """Return the SVG of a terminal with these lines.

    Args:
        title: the command.
        lines: the lines of its output.
        most: the number of lines to draw; the rest is cut.
    """
    shown = [*lines[:most], *([Text(_CUT, "dim")] if most and len(lines) > most else [])]
    with Path(os.devnull).open("w") as nowhere:
        console = Console(
            record=True, width=WIDTH, file=nowhere, force_terminal=True, color_system="standard"
        )
        for line in shown:
            for start in range(0, max(1, len(line)), WIDTH):
                console.print(line[start : start + WIDTH], no_wrap=True, overflow="crop")
    drawn = console.export_svg(title=title, theme=_THEME, unique_id="terminal")
    return _FONTS.sub("", drawn)


def stable(lines: Sequence[Text], replacements: dict[str, str]) -> list[Text]:
    """Return the lines with other texts in the place of those that differ in each run."""
    return [_replace(line, {str(ROOT): _FOLDER} | replacements) for line in lines]


def read_texts(svg: str) -> list[str]:
    """Return the lines of a picture, without spaces."""
    found: dict[int, str] = {}
    for each in ET.fromstring(svg).iter(_TEXTS):  # noqa: S314 - our own picture
        if line := _LINE.search(each.get("clip-path", "")):
            number = int(line[1])
            found[number] = found.get(number, "") + "".join((each.text or "").split())
    return [text for _, text in sorted(found.items()) if text]


def _lines(text: str) -> list[Text]:
    raw = text.replace("^C", "").rstrip().splitlines()
    lines = [(line, Text.from_ansi(line)) for line in raw]
    # A line with control characters alone shows and hides the cursor.
    return [shown for line, shown in lines if shown.plain.strip() or not line.strip()]


def _replace(line: Text, replacements: Mapping[str, str]) -> Text:
    for old, new in replacements.items():
        start = line.plain.find(old)
        while start >= 0:
            end = start + len(old)
            styles = [span.style for span in line[start:end].spans]
            drawn = Text(new, styles[0] if styles else "")
            line = Text.assemble(line[:start], drawn, line[end:])
            start = line.plain.find(old, start + len(new))
    return line
