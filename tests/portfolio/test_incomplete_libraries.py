"""Libraries that are missing or not complete: one message, with the next step."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from infra.paths import ROOT
from portfolio.errors.failures import explain_failure

LIBRARIES = [
    ("typer", "", "ModuleNotFoundError: No module named 'typer.main'"),
    ("typer", "import missing_library", "ModuleNotFoundError: No module named 'missing_library'"),
    ("pydantic", "from pydantic import missing", "ImportError: cannot import name 'missing' from"),
]
"""The name of a library, the text of its broken file, and the reason in the message."""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "portfolio", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(("name", "text", "reason"), LIBRARIES)
def test_an_incomplete_library_is_no_bug(tmp_path: Path, name: str, text: str, reason: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text(text)
    done = run(tmp_path, "stages")
    first, second = done.stderr.splitlines()
    assert done.returncode == 1
    assert first.startswith(f"error: The installed libraries are not complete: {reason}")
    assert second.endswith("bin/portfolio: it installs them again.")


def test_an_error_is_printed_without_the_library_that_prints_it(tmp_path: Path) -> None:
    (tmp_path / "rich").mkdir()
    (tmp_path / "rich/__init__.py").touch()
    done = run(tmp_path, "event", "GET", "blogs")
    assert done.returncode == 2
    assert done.stderr.startswith("error: PATH: blogs does not start with /: ")


@pytest.mark.parametrize("text", ["a b", "a = 1\0"], ids=["words", "null bytes"])
def test_a_damaged_file_of_a_library_is_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    library = tmp_path / "library_of_two_files"
    library.mkdir()
    (library / "__init__.py").write_text("from . import damaged")
    (library / "damaged.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(SyntaxError) as caught:
        import_module(library.name)
    message = explain_failure(caught.value)
    assert message.startswith("The installed libraries are not complete: SyntaxError: ")


def test_a_module_of_ours_that_is_missing_is_a_bug() -> None:
    error = ModuleNotFoundError("No module named 'infra.missing'", name="infra.missing")
    assert explain_failure(error).startswith("This is a bug of the project")
