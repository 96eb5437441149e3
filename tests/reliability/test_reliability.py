"""`make reliability` and its page."""

import re

import pytest

from tests.docs.pages import PAGES
from tests.reliability.__main__ import main
from tests.reliability.figures import Row
from tests.reliability.page import HEADER, NOT_MEASURED, write_table
from tests.reliability.registry import find_promises

PAGE = PAGES["docs/reliability.md"]
MARKED = re.compile(r"<!-- make reliability writes (\w+) -->\n(.*?)<!-- end of \1 -->", re.DOTALL)


def test_the_page_has_a_section_for_each_promise() -> None:
    sections = PAGE.split("\n## ")[1:]
    found = [(section, MARKED.findall(section)) for section in sections]
    assert sorted(name for _, tables in found for name, _ in tables) == [*find_promises()]
    for section, tables in found:
        assert len(tables) == 1, section
        heading, _, text = section.partition("<!--")[0].partition("\n")
        assert len(text.split()) > 20, f"{heading}: describe the promise"


def test_figures_on_the_page_have_lost_nothing() -> None:
    for name, text in MARKED.findall(PAGE):
        if text.strip() == NOT_MEASURED:
            continue
        origin, _, table = text.strip().partition("\n\n")
        assert re.match(r"\d{4}-\d\d-\d\d, commit \w+", origin), name
        assert table.startswith("\n".join(HEADER)), name
        rows = [line.strip("| ").split(" | ") for line in table.splitlines()[len(HEADER) :]]
        assert rows, name
        assert {lost for *_, lost, _longest in rows} == {"0"}, name


def test_a_table_takes_the_place_of_the_one_before() -> None:
    text = "a\n<!-- make reliability writes x -->\nold\n<!-- end of x -->\nb"
    row = Row("sort", tried=1200, lost=["one"], longest=2.34)
    for _ in range(2):
        text = write_table(text, "x", [row], "today:")
    assert text == (
        "a\n<!-- make reliability writes x -->\ntoday:\n\n| cases | tried | held | lost | longest |"
        "\n|---|--:|--:|--:|--:|\n| sort | 1,200 | 1,199 | 1 | 2.3 s |\n\n<!-- end of x -->\nb"
    )


def test_a_case_is_lost_by_an_exception_and_the_next_one_goes_on() -> None:
    row = Row("sort")
    for number in range(3):
        with row.case(f"number {number}"):
            assert number != 1, "the reason"
    assert (row.tried, row.held) == (3, 2)
    (lost,) = row.lost
    assert lost.startswith("number 1: ")
    assert "the reason" in lost


def test_an_unknown_promise_is_an_error_with_the_known_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["crowds", "nothing"]) == 2
    printed = capsys.readouterr().err
    assert "nothing" in printed
    assert all(name in printed for name in find_promises())
