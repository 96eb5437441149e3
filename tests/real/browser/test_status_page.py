"""The status page in Chromium: on a small screen, by keyboard, in the dark, with hostile texts."""

import re
import shutil
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from tests.real.browser.debugger import Browser, run_browser

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

HOSTILE: Final = "<script>document.title='changed'</script><img src=x onerror=alert(1)>"
PATHS: Final = ("/", "/routes", "/requests", "/table", "/users", "/package", "/role", "/unknown")
TAB: Final = ("Tab", 9)
ENTER: Final = ("Enter", 13)


@pytest.fixture(scope="module")
def browser(local_stage: "ServedStage") -> Iterator[Browser]:
    """A browser that has opened the link of `make up`."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not on PATH")
    with run_browser(program) as running:
        running.open(local_stage.status_link, width=1200)
        running.wait_for_address(f"{local_stage.status_url}/")
        yield running


@pytest.fixture
def hostile_partition(local_stage: "ServedStage") -> Iterator[str]:
    """A path of a partition with hostile texts; a request with such a path is listed too."""
    stage, partition = local_stage.stage, f"{uuid.uuid4()}{HOSTILE}"
    table, client = stage.outputs["table_name"], stage.code.clients.dynamodb
    key: Any = {"PK": {"S": partition}, "SK": {"S": HOSTILE}}
    client.put_item(TableName=table, Item={**key, HOSTILE: {"S": HOSTILE * 50}})
    httpx.get(f"{local_stage.url}/{HOSTILE}")
    yield str(httpx.URL("/table", params={"partition": partition}))
    client.delete_item(TableName=table, Key=key)


@pytest.mark.parametrize("width", [360, 1200])
def test_pages_fit_their_window_and_break_no_rule(
    browser: Browser, local_stage: "ServedStage", hostile_partition: str, width: int
) -> None:
    for path in (*PATHS, hostile_partition):
        browser.console.clear()
        browser.open(f"{local_stage.status_url}{path}", width=width)
        assert browser.evaluate("document.documentElement.scrollWidth") <= width, path
        # Each box of a table can be scrolled by keyboard.
        assert browser.evaluate("document.querySelectorAll('.scroll:not([tabindex])').length") == 0
        assert browser.evaluate("document.scripts.length + document.images.length") == 0
        assert browser.evaluate("document.title") != "changed"
        if path != "/unknown":
            # A refused style or image is a line of the console.
            assert browser.console == [], path


def test_the_keyboard_leads_through_the_pages(browser: Browser, local_stage: "ServedStage") -> None:
    browser.open(f"{local_stage.status_url}/", width=1200)
    focused = "document.activeElement"
    browser.press(*TAB)
    assert browser.evaluate(f"{focused}.textContent") == "Skip to the content"
    assert browser.evaluate(f"{focused}.getBoundingClientRect().left") >= 0
    assert browser.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid"
    browser.press(*ENTER)
    assert browser.evaluate(f"{focused}.id") == "content"
    seen: list[str] = []
    while "Partitions and items" not in seen:
        assert len(seen) < 20, seen
        browser.press(*TAB)
        seen.append(browser.evaluate(f"{focused}.textContent.trim()"))
        assert browser.evaluate(f"getComputedStyle({focused}).outlineStyle") == "solid", seen
    assert browser.evaluate(f"{focused}.href") == f"{local_stage.status_url}/table"


def test_texts_have_contrast_in_both_schemes(browser: Browser, local_stage: "ServedStage") -> None:
    backgrounds: set[str] = set()
    for scheme in ("light", "dark"):
        browser.open(f"{local_stage.status_url}/", width=1200, scheme=scheme)
        background = browser.evaluate("getComputedStyle(document.body).backgroundColor")
        backgrounds.add(background)
        for name in ("text", "quiet", "link", "error", "warning"):
            color = browser.evaluate(
                "(() => { const each = document.createElement('p');"
                f"document.body.append(each); each.style.color = 'var(--{name})';"
                "return getComputedStyle(each).color })()"
            )
            # WCAG 2.2, criterion 1.4.3.
            assert contrast(color, background) >= 4.5, (scheme, name)
    assert len(backgrounds) == 2


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours such as `rgb(1, 2, 3)` (WCAG 2.2)."""
    dark, light = sorted(map(luminance, (first, second)))
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = [int(each) / 255 for each in re.findall(r"\d+", color)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
