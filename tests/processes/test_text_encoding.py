"""Text of files and programs is UTF-8, in each locale."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.paths import ROOT

USES_TEXT = re.compile(r"read_text\(|write_text\(|text=True|\.open\(")
NOT_FILES = {"formatter", "gzip", "os", "source", "webbrowser"}
"""Names of objects with such methods that are not files of text."""

FILES = [
    path
    for folder in ("infra", "portfolio", "backend/src")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if USES_TEXT.search(path.read_text(encoding="utf-8"))
]


def without_encoding(source: str) -> Iterator[int]:
    """Lines that read or write text in the encoding of the locale."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or "encoding" in {word.arg for word in node.keywords}:
            continue
        values = [each.value for each in node.args if isinstance(each, ast.Constant)]
        match node.func:
            case ast.Attribute(ast.Name(name)) if name in NOT_FILES:
                pass
            case ast.Attribute(attr="read_text") if not values:
                yield node.lineno
            case ast.Attribute(attr="write_text") if len(node.args) < 2:
                yield node.lineno
            case ast.Attribute(attr="open") if not any("b" in str(each) for each in values):
                yield node.lineno
            case _:
                if "text" in {word.arg for word in node.keywords}:
                    yield node.lineno


def test_each_text_has_an_encoding() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in FILES
        if (lines := list(without_encoding(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    ["p.read_text()", "p.write_text('a')", "p.open()", "p.open('w')", "run(a, text=True)"],
)
def test_a_text_without_one_would_be_found(source: str) -> None:
    assert list(without_encoding(source)) == [1]


def test_a_command_reads_a_settings_file_in_each_locale(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from infra.settings.files import parse_file;"
        f"print(ascii(parse_file(Path({str(tmp_path / 'a.yaml')!r}))))"
    )
    (tmp_path / "a.yaml").write_text("config:\n  key: caf\u00e9\n", encoding="utf-8")
    variables = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("{'config': {'key': 'caf\\xe9'}}\n", "")
