"""`portfolio probe`: the contract suite on an API that is one, and on one that is not."""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, override

import pytest

from infra.settings import load_stage_settings
from portfolio.local.emulator import free_port
from portfolio.probe.run_suite import find_origin
from src import SITE
from tests.commands import Result, run_command

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

NOBODY = dict.fromkeys(
    f"{user}_{part}" for user in ("OWNER", "USER", "INVITED") for part in ("EMAIL", "PASSWORD")
)
"""The variables of all users, removed."""


LOCAL_ORIGIN = load_stage_settings("local").cors_origins[0]


HEALTHY = (200, b'{"status": "healthy", "version": "1", "environment": "prod"}')
"""The answer of this API to `GET /health`."""


class _Handler(BaseHTTPRequestHandler):
    health: tuple[int, bytes]
    methods: set[tuple[str, str]]

    def do_GET(self) -> None:
        self.methods.add((self.command, self.path))
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        code, body = self.health if self.path == "/health" else (404, b"{}")
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_PATCH = do_GET  # noqa: N815

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def another_api(request: pytest.FixtureRequest) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """The address of a server that answers 404 to all but /health, and the requests that it got."""
    methods: set[tuple[str, str]] = set()
    handler = type("Handler", (_Handler,), {"methods": methods, "health": request.param})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", methods
        finally:
            server.shutdown()
            thread.join()


def test_an_address_that_is_none_or_does_not_answer_is_told_in_a_line() -> None:
    no_address = run_command("probe", "api.example.com")
    assert no_address.code == 2
    assert "use one such as https://api.example.com" in " ".join(no_address.err.split())
    url = f"http://127.0.0.1:{free_port()}"
    silent = run_command("probe", url)
    assert silent.code == 1
    assert f"{url} does not answer" in silent.err
    assert "Traceback" not in silent.err


@pytest.mark.parametrize(
    ("url", "variable", "origin"),
    [
        ("http://localhost:8321", None, LOCAL_ORIGIN),
        ("http://127.0.0.1:8000", None, LOCAL_ORIGIN),
        ("http://[::1]:8000", "", LOCAL_ORIGIN),
        ("https://localhost.example.com", None, f"https://{SITE}"),
        ("http://localhost:8321", "http://localhost:4321", "http://localhost:4321"),
    ],
)
def test_the_origin_is_one_that_the_stage_allows(
    monkeypatch: pytest.MonkeyPatch, url: str, variable: str | None, origin: str
) -> None:
    if variable is None:
        monkeypatch.delenv("ORIGIN", raising=False)
    else:
        monkeypatch.setenv("ORIGIN", variable)
    assert find_origin(url) == origin


def test_the_help_names_the_origin() -> None:
    assert "ORIGIN" in run_command("probe", "--help").out


@pytest.mark.parametrize(
    "another_api",
    [
        (404, HEALTHY[1]),
        (301, b""),
        (503, HEALTHY[1]),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"status": "ok"}'),
    ],
    indirect=True,
)
def test_an_address_of_another_api_is_refused_in_a_line(
    another_api: tuple[str, set[tuple[str, str]]],
) -> None:
    url, requests = another_api
    result = run_command("probe", url, env=NOBODY)
    refusal = rf"error: {url}/health does not answer as this API does \(status \d+\)\."
    assert re.search(refusal, " ".join(result.err.split()))
    assert result.code == 1
    assert requests == {("GET", "/health")}


@pytest.mark.parametrize("another_api", [HEALTHY], indirect=True)
@pytest.mark.real
def test_another_api_fails_and_gets_no_write(
    tmp_path: Path,
    another_api: tuple[str, set[tuple[str, str]]],
) -> None:
    url, requests = another_api
    result = run_command("probe", url, env=NOBODY | {"TMPDIR": str(tmp_path)})
    assert not list(tmp_path.iterdir())
    assert result.code == 1
    failed = result.err.count("error: ")
    assert total_of(result)[1] == failed > 20
    assert max(map(len, result.err.splitlines())) < 350
    assert "the test writes: add --write" in result.err
    writes = {path for method, path in requests if method not in {"GET", "HEAD", "OPTIONS"}}
    assert writes <= {"/auth/login"}


@pytest.mark.real
def test_a_stage_passes_without_users_and_writes(local_stage: "ServedStage") -> None:
    result = run_command("probe", local_stage.url, env=NOBODY | {"ORIGIN": None})
    assert result.code == 0, result.printed
    passed, failed, skipped = total_of(result)
    assert (passed > 50, failed, skipped > 50) == (True, 0, True)
    assert "OWNER_EMAIL and OWNER_PASSWORD are not set" in " ".join(result.err.split())


def total_of(result: Result) -> list[int]:
    """The numbers of passed, failed and skipped tests in the last row of the table."""
    name, *numbers = result.out.split()[-4:]
    assert name == "all"
    return [int(number) for number in numbers]
