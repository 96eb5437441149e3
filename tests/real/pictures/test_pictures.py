"""The pictures in docs/ show today's output: `make pictures` draws them again."""

import re
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from tests.pictures.pictures import FOLDER, STATUS_PAGE, TERMINALS
from tests.pictures.status_page import draw_status_page, read_text
from tests.pictures.terminal import read_texts
from tests.real.browser.debugger import run_browser

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

_DIFFERENT: Final = re.compile(r"[0-9a-f]{8,}|[\d.,]+(?:[kM]?B)?|[█▏]+")
"""Hashes, versions, sizes, times and bars differ between machines and commits."""


def _outline(lines: list[str]) -> list[str]:
    """Return the lines without what differs; two threads print those of a start."""
    return sorted(_DIFFERENT.sub("0", line) for line in lines)


@pytest.mark.parametrize("name", TERMINALS)
def test_a_picture_of_a_command_shows_its_output(name: str) -> None:
    drawn = read_texts((FOLDER / name).read_text(encoding="utf-8"))
    assert _outline(drawn) == _outline(read_texts(TERMINALS[name]())), "Run make pictures."


def test_the_picture_of_the_status_page_shows_it(local_stage: "ServedStage") -> None:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not on PATH")
    with run_browser(program) as browser:
        fresh = draw_status_page(local_stage, browser)
    drawn = (FOLDER / STATUS_PAGE).read_bytes()
    # Other tests have added resources to the shared emulator.
    missing = set(_outline(read_text(drawn).splitlines()))
    missing -= set(_outline(read_text(fresh).splitlines()))
    assert missing == set(), "Run make pictures."
