"""The page on the emulator's differences keeps its promise: each is made up for, or it says so."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from infra.paths import ROOT

PAGE: Final = ROOT / "docs" / "emulator-and-aws.md"


@dataclass(frozen=True)
class Entry:
    title: str
    text: str
    """All of it, on one line."""

    @property
    def difference(self) -> str:
        return self.text.split(" - ")[0]

    @property
    def remedies(self) -> list[str]:
        return self.text.split(" - ")[1:]

    @property
    def tests(self) -> list[str]:
        return [remedy.strip("`") for remedy in self.remedies if remedy.startswith("`")]


def read_entries(page: str) -> list[Entry]:
    paragraphs = (" ".join(paragraph.split()) for paragraph in page.split("\n\n"))
    found = ((re.match(r"\*\*(.+?)\.\*\*", text), text) for text in paragraphs)
    return [Entry(title[1], text) for title, text in found if title]


def defines_test(test: str) -> bool:
    """Whether pytest would collect it; a file's name says that as well."""
    path, _, name = test.partition("::")
    file = ROOT / path
    if not (name.startswith("test_") and Path(path).name.startswith("test_") and file.is_file()):
        return False
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    body = ast.parse(file.read_text()).body
    return any(isinstance(node, functions) and node.name == name for node in body)


ENTRIES: Final = read_entries(PAGE.read_text())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.title)
def test_an_entry_says_what_aws_does_and_what_the_emulator_does(entry: Entry) -> None:
    assert "AWS" in entry.difference
    assert re.search("emulator|local stage", entry.difference)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.title)
def test_an_entry_names_tests_or_what_to_watch_for(entry: Entry) -> None:
    if entry.tests:
        assert entry.tests == [remedy.strip("`") for remedy in entry.remedies]
    else:
        (remedy,) = entry.remedies
        assert re.match(r"No test: .*\bwatch\b", remedy, re.IGNORECASE)


@pytest.mark.parametrize("test", sorted({test for entry in ENTRIES for test in entry.tests}))
def test_a_test_that_is_named_exists(test: str) -> None:
    assert defines_test(test)


@pytest.mark.parametrize(
    "test",
    [
        "tests/docs/test_emulator_and_aws.py::test_of_no_such_name",
        "tests/docs/test_emulator_and_aws.py::defines_test",
        "tests/docs/no_such_file.py::test_a_test_that_is_named_exists",
        "tests/docs/test_emulator_and_aws.py",
    ],
)
def test_a_test_that_does_not_exist_is_noticed(test: str) -> None:
    assert not defines_test(test)


def test_no_entry_is_overlooked() -> None:
    lines = PAGE.read_text().splitlines()
    assert len(ENTRIES) == sum(line.startswith("**") for line in lines) > 20
    assert len({entry.title for entry in ENTRIES}) == len(ENTRIES)
