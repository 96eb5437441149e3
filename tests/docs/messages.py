"""Messages of the code, and quotes of them on the pages."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from infra.paths import ROOT

FOLDERS: Final = ("infra", "portfolio", "backend")
_QUOTED: Final = re.compile(r"^```text\n(.+?)^```", re.DOTALL | re.MULTILINE)
_ECHO: Final = re.compile(r'(?:echo|fail) ((?:"[^"]*"[\s\\]*)+)')
_PLACEHOLDER: Final = re.compile(r"\{\w+\}")
"""A value that `str.format` fills in."""

_FEWEST_WORDS: Final = 3


def quoted_messages(page: str) -> list[str]:
    """Return the lines of the page's `text` blocks."""
    lines = "".join(_QUOTED.findall(page)).splitlines()
    return [line.removeprefix("error: ") for line in lines]


@functools.cache
def message_patterns(folder: Path = ROOT) -> list[re.Pattern[str]]:
    """Return a pattern for each text of three words or more in code, Makefile and bin/uv.

    Docstrings are left out: compiling them would take seconds.
    """
    files = (file for name in FOLDERS for file in (folder / name).rglob("*.py"))
    texts = {text for file in files for text in _texts(file)}
    shell = (folder / name for name in ("Makefile", "bin/uv"))
    for echoed in _ECHO.findall("\n".join(file.read_text() for file in shell)):
        text = " ".join(re.findall(r'"([^"]*)"', echoed)).removeprefix("error: ")
        texts.add(re.escape(text))
    return [_compile(text) for text in sorted(texts)]


def is_known(message: str, patterns: list[re.Pattern[str]]) -> bool:
    """Return True if a text of the code can become this message."""
    return any(pattern.fullmatch(message) for pattern in patterns)


def _compile(text: str) -> re.Pattern[str]:
    """A message may begin with a place (`backend/src/app.py:3`) or a stage, and end in a list."""
    rest = r"(?: .*)?" if text.endswith(":") else ""
    return re.compile(rf"(?:\S+:\d+ |[\w-]+: )?{text}{rest}", re.DOTALL)


def _texts(file: Path) -> Iterator[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
    for node in (node for node in nodes if node not in docstrings):
        pattern, words = _pattern(node)
        if words >= _FEWEST_WORDS:
            yield pattern


def _pattern(node: ast.AST) -> tuple[str, int]:
    """Return a node's text as a pattern and its number of words; a value matches any text."""
    match node:
        case ast.Constant(value=str(text)):
            fixed = _PLACEHOLDER.split(text.strip())
            return ".+?".join(map(re.escape, fixed)), _count_words(" ".join(fixed))
        case ast.JoinedStr(values=values):
            parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in values]
            fixed = [part for part in parts if part is not None]
            pattern = "".join(".+?" if part is None else re.escape(part) for part in parts)
            return re.sub(r"(?:\\[ \n])+$", "", pattern), _count_words(" ".join(fixed))
        case _:
            return "", 0


def _count_words(text: str) -> int:
    return len(re.findall(r"\w{2,}", text))
