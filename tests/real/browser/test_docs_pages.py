"""The documentation pages in Chromium, without any other host than the local stage."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local_stage import ServedStage
    from tests.real.browser.conftest import OpenPage


@pytest.mark.parametrize(
    ("path", "shown"), [("/docs", 'class="opblock-summary'), ("/redoc", "data-section-id=")]
)
def test_a_page_shows_the_operations_and_breaks_no_rule(
    open_page: "OpenPage", local_stage: "ServedStage", path: str, shown: str
) -> None:
    page = open_page(f"{local_stage.url}{path}", {"localhost": "localhost"})
    assert shown in page.document
    assert "/visitors/count" in page.document
    # A refused style or script, or a request to another host, is a line of the console.
    assert "CONSOLE" not in page.console, page.console
