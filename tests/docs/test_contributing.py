"""CONTRIBUTING.md names every folder of code, and nothing that does not exist."""

import re

from infra.paths import ROOT
from tests.docs.pages import PAGES

PAGE = PAGES["CONTRIBUTING.md"]
ROOTS = ("infra", "portfolio", "backend/src", "tests")


def folders_of_the_table() -> list[str]:
    table = PAGE.partition("## Where code goes")[2].partition("\n## ")[0]
    firsts = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [folder for cell in firsts for folder in re.findall(r"`([^`]+)`", cell)]


def folders_of_code() -> set[str]:
    files = (file for root in ROOTS for file in (ROOT / root).rglob("*.py"))
    return {file.parent.relative_to(ROOT).as_posix() for file in files}


def test_every_folder_of_code_is_in_the_table_once() -> None:
    named = folders_of_the_table()
    assert sorted(folders_of_code() - set(named)) == []
    assert len(named) == len(set(named))


def test_every_folder_of_the_table_exists() -> None:
    assert [folder for folder in folders_of_the_table() if not (ROOT / folder).is_dir()] == []


def test_files_that_are_named_exist() -> None:
    named = set(re.findall(r"`((?:backend|infra|portfolio|tests)/[\w./]+)`", PAGE))
    # The files of the example in "Add a kind of content".
    named = {name for name in named if "book" not in name}
    assert len(named) > 30
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_names_in_files_that_are_named_exist() -> None:
    """A line of the page that names a file and a `CONSTANT` or a `test_…` means one in the file."""
    missing: list[str] = []
    for line in (line for line in PAGE.splitlines() if line.startswith("   | `tests/")):
        file, *rest = re.findall(r"`([^`]+)`", line)
        names = [name for name in rest if re.fullmatch(r"_?[A-Z_]{4,}|test_\w+", name)]
        text = (ROOT / file).read_text()
        missing += [f"{file}: {name}" for name in names if name not in text]
    assert missing == []
