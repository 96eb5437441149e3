"""The page on the emulator's differences keeps its promise: each is made up for, or it says so."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.paths import ROOT

PAGE: Final = ROOT / "docs" / "emulator-and-aws.md"


@dataclass(frozen=True)
class Entry:
    title: str
    text: str
    """All of it, on one line."""

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


def test_every_entry_names_tests_or_what_to_watch_for() -> None:
    without = [
        entry.title
        for entry in ENTRIES
        if entry.tests != [remedy.strip("`") for remedy in entry.remedies]
        and not re.fullmatch(r"No test: .*\bwatch\b.*", " ".join(entry.remedies), re.IGNORECASE)
    ]
    assert without == []
    assert all(entry.remedies for entry in ENTRIES)


def test_every_test_that_is_named_exists() -> None:
    named = {test for entry in ENTRIES for test in entry.tests}
    assert named
    assert sorted(test for test in named if not defines_test(test)) == []


def test_a_test_that_does_not_exist_is_noticed() -> None:
    here = "tests/docs/test_emulator_and_aws.py"
    assert defines_test(f"{here}::test_no_entry_is_overlooked")
    for missing in (f"{here}::test_of_no_such_name", f"{here}::defines_test", here):
        assert not defines_test(missing)
    assert not defines_test("tests/docs/no_such_file.py::test_no_entry_is_overlooked")


def test_no_entry_is_overlooked() -> None:
    lines = PAGE.read_text().splitlines()
    assert len(ENTRIES) == sum(line.startswith("**") for line in lines) > 20
    assert len({entry.title for entry in ENTRIES}) == len(ENTRIES)
