"""Requests ended by our gateway: too large, cancelled by the client, or never complete."""

import logging
import socket
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from portfolio.local.emulator import free_port
from portfolio.local.gateway import AccessLogEntry, LocalGateway
from portfolio.local.listeners import listen
from tests.local.raw_http import send
from tests.local_stage import serve_gateway

LARGEST = 10 * 1024**2
UNFINISHED = b"POST /blogs HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"
ANSWERED_AT_ONCE = b"GET * HTTP/1.1\r\nHost: x\r\n\r\n"


@contextmanager
def run_gateway(log: list[AccessLogEntry]) -> Generator[int]:
    """Serve a gateway with an unreachable API; yield its port."""
    port = free_port()
    gateway = LocalGateway(f"http://127.0.0.1:{free_port()}/api", log.append)
    with listen(port) as sockets, serve_gateway(gateway, sockets):
        yield port


def begin_request(port: int) -> socket.socket:
    """Send half a request and wait until the gateway reads it."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(ANSWERED_AT_ONCE + UNFINISHED)
    answer = b""
    # The server reads the next request of a connection right after the answer to this one.
    while not answer.endswith(b"}"):
        answer += connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 400 ")
    return connection


def test_a_body_above_10_mb_is_refused_as_on_aws() -> None:
    log: list[AccessLogEntry] = []
    with run_gateway(log) as port:
        largest = send(port, "/blogs", method="POST", body=bytes(LARGEST))
        larger = send(port, "/blogs", method="POST", body=bytes(LARGEST + 1))
    assert (largest.status, largest.json()) == (503, {"message": "Service Unavailable"})
    assert (larger.status, larger.json()) == (413, {"message": "Request Entity Too Large"})
    assert [entry.status for entry in log] == [503, 413]


def test_a_client_that_leaves_causes_no_error(caplog: pytest.LogCaptureFixture) -> None:
    log: list[AccessLogEntry] = []
    with run_gateway(log) as port:
        begin_request(port).close()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert [entry.path for entry in log] == ["*"]


def test_a_request_that_outlasts_the_stage_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    log: list[AccessLogEntry] = []
    with run_gateway(log) as port:
        connection = begin_request(port)
    with connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 503 ")
    assert [record for record in caplog.records if record.exc_info] == []
    assert [entry.status for entry in log] == [400, 503]
