"""HTTP requests sent byte by byte: a client library would correct paths and headers."""

import http.client
import json
import socket
from dataclasses import dataclass
from email.message import Message
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def send(
    port: int,
    target: str,
    *headers: str,
    method: str = "GET",
    host: str = "localhost",
    body: bytes = b"",
) -> Answer:
    """Send one request to a port of 127.0.0.1.

    Args:
        port: the port of the server.
        target: the second word of the request's first line.
        headers: lines, such as `Origin: http://example.com`.
        method: the first word.
        host: the Host header.
        body: the body; its length is sent too.
    """
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {host}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    if not any(line.startswith("Connection:") for line in headers):
        lines.append("Connection: close")
    request = "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body
    with socket.create_connection(("127.0.0.1", port), timeout=35) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection, method=method)
        response.begin()
        return Answer(response.status, response.headers, response.read())
