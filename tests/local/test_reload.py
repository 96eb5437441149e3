"""A change under backend/src is served within seconds; a broken one changes nothing."""

import signal
import time
from pathlib import Path

import httpx
import pytest

from infra.paths import CACHE
from tests.checkout import copy_checkout
from tests.local.running import portfolio_up, processes_using

APP = "src/app.py"
TITLE = "Portfolio API"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout, which shares what takes long to install or to build."""
    copy = copy_checkout(tmp_path / "checkout")
    (copy / CACHE.name).mkdir()
    for name in ("emulator", "package"):
        (CACHE / name).mkdir(parents=True, exist_ok=True)
        (copy / CACHE.name / name).symlink_to(CACHE / name)
    return copy


def title_of(url: str) -> str:
    title: str = httpx.get(f"{url}/openapi.json").json()["info"]["title"]
    return title


def wait_for_title(url: str, title: str, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while title_of(url) != title:
        assert time.monotonic() < deadline, f"not {title!r} within {timeout} s"
        time.sleep(0.05)


def test_a_change_is_served_and_a_broken_one_is_not_until_sigterm(
    checkout: Path, tmp_path: Path
) -> None:
    source = checkout / "backend" / APP
    original = source.read_text()
    assert TITLE in original
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with portfolio_up(temporary, root=checkout) as run:
        run.wait_for("Ctrl-C stops")

        source.write_text(original.replace(TITLE, "Changed API"))
        run.wait_for(r"new code live after \d", timeout=20)
        assert title_of(run.url) == "Changed API"

        source.write_text("import nothing_of_this_name\n")
        run.wait_for(r"nothing_of_this_name.*keeps serving", timeout=20)
        assert title_of(run.url) == "Changed API"

        source.write_text(original)
        wait_for_title(run.url, TITLE, timeout=10)

        assert run.stop(signal.SIGTERM) == 0
    assert run.printed.endswith("Stopped.\n")
    assert not processes_using(temporary)
