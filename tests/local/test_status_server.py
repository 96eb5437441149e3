"""The port of the status page, and requests that it refuses."""

import pytest

from infra.errors import LocalStageError
from portfolio.local.emulator import free_port
from portfolio.local.listeners import listen
from portfolio.local.status.server import listen_beside
from tests.local.raw_http import send
from tests.local_stage import ServedStage


def port_of(served: ServedStage) -> int:
    return int(served.status_url.rpartition(":")[2])


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_the_names_of_this_machine_are_accepted(local_stage: ServedStage, name: str) -> None:
    port = port_of(local_stage)
    assert send(port, "/style.css", host=f"{name}:{port}").status == 200


@pytest.mark.parametrize(
    "host", ["attacker.example:{port}", "localhost", "localhost:1", "localhost:{port}.example", ""]
)
def test_another_host_is_refused(local_stage: ServedStage, host: str) -> None:
    port = port_of(local_stage)
    answer = send(port, "/table", host=host.format(port=port))
    assert (answer.status, answer.body) == (
        403,
        f"Open http://localhost:{port} instead.\n".encode(),
    )


def test_two_hosts_are_refused(local_stage: ServedStage) -> None:
    port = port_of(local_stage)
    answer = send(port, "/", "Host: attacker.example", host=f"localhost:{port}")
    assert answer.status in {400, 403}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/", 405),
        ("DELETE", "/table", 405),
        ("HEAD", "/style.css", 200),
        ("GET", "/x", 404),
    ],
)
def test_pages_are_only_read(local_stage: ServedStage, method: str, path: str, status: int) -> None:
    port = port_of(local_stage)
    answer = send(port, path, method=method, host=f"localhost:{port}")
    assert answer.status == status
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_port_after_the_apis_is_the_default() -> None:
    port = free_port()
    with listen_beside(port - 1, None) as (chosen, sockets):
        assert chosen == port
        assert {each.getsockname()[1] for each in sockets} == {port}
        with listen_beside(port - 1, None) as (other, _):
            assert other != port
    with listen_beside(65535, None) as (last, _):
        assert last < 65535


def test_a_chosen_port_in_use_is_one_clear_line() -> None:
    port = free_port()
    with (
        listen(port),
        pytest.raises(LocalStageError, match=rf"^Port {port} is in use: .* --status-port \d+\.$"),
        listen_beside(8000, port),
    ):
        pass


def test_the_advice_is_a_free_port() -> None:
    with listen_beside(free_port(), None) as (port, _), listen_beside(port, None) as (second, _):
        with pytest.raises(LocalStageError, match="is in use") as refused, listen(port):
            pass
        advised = int(str(refused.value).rpartition("=")[2].rstrip("."))
        assert advised not in {port, second}
        with listen(advised):
            pass
