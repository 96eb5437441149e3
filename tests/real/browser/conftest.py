"""Debian's Chromium, without a window and without any host that a test does not name."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Page:
    """A page after its scripts have run."""

    document: str
    console: str
    """The log of the browser; lines of the page's console have the word `CONSOLE`."""


type OpenPage = Callable[[str, dict[str, str]], Page]
"""Opens a URL, and finds only these hosts: the key is the host, the value its address."""


@pytest.fixture(scope="session")
def open_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenPage]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not on PATH")
    profile = tmp_path_factory.mktemp("chromium")

    def run(url: str, hosts: dict[str, str]) -> Page:
        found = [f"MAP {host} {address}" for host, address in hosts.items()]
        done = subprocess.run(
            [
                *(program, "--headless=new", "--no-sandbox", f"--user-data-dir={profile}"),
                f"--host-resolver-rules={', '.join([*found, 'MAP * ~NOTFOUND'])}",
                *("--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom"),
                url,
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return Page(done.stdout, done.stderr)

    yield run
    # It has the addresses of all pages, with tokens.
    shutil.rmtree(profile)
