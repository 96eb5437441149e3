"""Odd requests to a stage's gateway, byte by byte: none is a failure of ours or hides another."""

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from portfolio.local.emulator import free_port
from portfolio.local.gateway import AccessLogEntry, LocalGateway
from portfolio.local.listeners import listen
from tests.local_stage import serve_gateway

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

HIDDEN: Final = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
"""A request in the body of another one."""

LAST: Final = b"GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
"""A further request; the gateway closes the connection after it."""

STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@dataclass(frozen=True)
class Gateway:
    port: int
    log: list[AccessLogEntry]

    def exchange(self, content: bytes) -> list[int]:
        """Send bytes as they are, and a further request; return all statuses."""
        answer = b""
        with (
            suppress(TimeoutError),
            socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection,
        ):
            connection.sendall(content + LAST)
            # It waits for the rest of a body that it takes for incomplete.
            while received := connection.recv(65_536):
                answer += received
        return [int(status) for status in STATUS.findall(answer)]


@pytest.fixture(scope="module")
def gateway(local_stage: "ServedStage") -> Iterator[Gateway]:
    log, port = list[AccessLogEntry](), free_port()
    forwarding = LocalGateway(local_stage.stage.api_base, log.append)
    with listen(port) as sockets, serve_gateway(forwarding, sockets):
        yield Gateway(port, log)


def request(*lines: str, method: str = "POST", path: str = "/visitors/track") -> bytes:
    first = f"{method} {path} HTTP/1.1"
    head = "\r\n".join([first, "Host: localhost", *lines, "", ""])
    return head.encode("utf-8", "surrogateescape")


LENGTH: Final = f"Content-Length: {len(HIDDEN)}"
CHUNKED: Final = "Transfer-Encoding: chunked"

SMUGGLED: Final = {
    "a length and chunks": request(LENGTH, CHUNKED) + b"0\r\n\r\n" + HIDDEN,
    "chunks and a length": request(CHUNKED, LENGTH) + b"0\r\n\r\n" + HIDDEN,
    "two lengths": request("Content-Length: 0", LENGTH) + HIDDEN,
    "a list of lengths": request(f"Content-Length: 0, {len(HIDDEN)}") + HIDDEN,
    "a length with a sign": request(f"Content-Length: +{len(HIDDEN)}") + HIDDEN,
    "a negative length": request("Content-Length: -1") + HIDDEN,
    "a hexadecimal length": request(f"Content-Length: {len(HIDDEN):#x}") + HIDDEN,
    "a length with a blank": request(f"Content-Length : {len(HIDDEN)}") + HIDDEN,
    "a length without end": request(f"Content-Length: {'9' * 400}") + HIDDEN,
    "chunks in other words": request("Transfer-Encoding: xchunked") + b"0\r\n\r\n" + HIDDEN,
    "chunks and more": request("Transfer-Encoding: chunked, identity") + b"0\r\n\r\n" + HIDDEN,
    "chunks twice": request(CHUNKED, "Transfer-Encoding: x") + b"0\r\n\r\n" + HIDDEN,
    "chunks after a tab": request("Transfer-Encoding:\tchunked", LENGTH) + b"0\r\n\r\n" + HIDDEN,
    "a folded header": request("Transfer-Encoding:", " chunked", LENGTH) + b"0\r\n\r\n" + HIDDEN,
    "a negative chunk": request(CHUNKED) + b"-1\r\n" + HIDDEN,
    "a chunk without end": request(CHUNKED) + b"f" * 40 + b"\r\n" + HIDDEN,
    "a chunk with a line feed": request(CHUNKED) + b"0\n\n" + HIDDEN,
    "a line feed in a header": request("X: a\nContent-Length: 0") + HIDDEN,
    "a carriage return in a header": request("X: a\rContent-Length: 0") + HIDDEN,
    "a null in a header": request("X: a\x00b", LENGTH) + HIDDEN,
    "a body of GET": request(LENGTH, method="GET", path="/health") + HIDDEN,
    "an upgrade": request("Connection: Upgrade", "Upgrade: h2c", LENGTH) + HIDDEN,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
    "an old version": b"GET /health\r\n" + HIDDEN,
}


@pytest.mark.parametrize("name", SMUGGLED)
def test_a_body_is_never_a_request(gateway: Gateway, name: str) -> None:
    gateway.log.clear()
    statuses = gateway.exchange(SMUGGLED[name])
    seen = [entry.path for entry in gateway.log]
    # Taken for the next request of the same client, it has an answer of its own.
    assert len(statuses) >= len(seen)
    assert all(status < 500 for status in statuses), statuses


ODD: Final = {
    "a path of 8 KB": request(method="GET", path=f"/{'a' * 8_000}"),
    "a query of 8 KB": request(method="GET", path=f"/blogs?tag={'a' * 8_000}"),
    "a traversal": request(method="GET", path="/blogs/../../../../etc/passwd"),
    "an escaped traversal": request(method="GET", path="/blogs/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
    "a traversal in Unicode": request(method="GET", path="/blogs/%c0%ae%c0%ae/"),
    "a null": request(method="GET", path="/blogs/%00"),
    "half a surrogate pair": request(method="GET", path="/blogs/%ed%a0%80"),
    "an escape cut off": request(method="GET", path="/blogs/%e"),
    "bytes of Latin-1": request(method="GET", path="/blogs/\udce9\udcff"),
    "a fragment": request(method="GET", path="/blogs#fragment"),
    "an unknown method": request(method="PROPFIND", path="/blogs"),
    "a long method": request(method="M" * 1_000, path="/blogs"),
    "TRACE": request(method="TRACE", path="/blogs"),
    "another method in a header": request("X-HTTP-Method-Override: DELETE", "Content-Length: 0"),
    "two hosts": request("Host: evil.example", method="GET", path="/health"),
    "a host as a header": request("X-Forwarded-Host: evil.example", method="GET", path="/docs"),
    "a port as a word": request("X-Forwarded-Port: x", method="GET", path="/health"),
    "two tokens": request("Authorization: Bearer a", "Authorization: Bearer b", method="GET"),
    "a header of 8 KB": request(f"X-Long: {'a' * 8_000}", method="GET", path="/health"),
    "90 headers": request(*[f"X-{n}: {n}" for n in range(90)], method="GET", path="/health"),
    "a header beyond ASCII": request("X-Session-Id: \udce9", "Content-Length: 0"),
    "an empty header": request("X-Session-Id:", "Content-Length: 0"),
    "a range": request("Range: bytes=0-1", method="GET", path="/docs"),
    "an expectation": request("Expect: 100-continue", "Content-Length: 0"),
    "an unknown expectation": request("Expect: the-spanish-inquisition", "Content-Length: 0"),
    "an encoding": request("Content-Encoding: gzip", "Content-Length: 4") + b"\x1f\x8b\x08\x00",
}


@pytest.mark.real
@pytest.mark.parametrize("name", ODD)
def test_no_odd_request_is_a_failure_of_ours(gateway: Gateway, name: str) -> None:
    statuses = gateway.exchange(ODD[name])
    assert statuses
    assert all(status < 500 for status in statuses), statuses
