"""A client of the Debug Adapter Protocol, such as an editor."""

import json
import socket
import time
from typing import Any


class DebugClient:
    """The requests of an editor."""

    def __init__(self, port: int) -> None:
        self._socket = _connect(port)
        self._answers = self._socket.makefile("rb")
        self._sent = 0

    def send(self, command: str, **arguments: Any) -> None:
        self._sent += 1
        message = {
            "seq": self._sent,
            "type": "request",
            "command": command,
            "arguments": arguments,
        }
        body = json.dumps(message).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def wait_for(self, name: str) -> dict[str, Any]:
        """Return the body of the next event of this name, or of the answer to this command."""
        while True:
            message = self._read()
            if name in {message.get("event"), message.get("command")}:
                return message.get("body") or {}

    def _read(self) -> dict[str, Any]:
        size = 0
        while header := self._answers.readline().strip():
            size = int(header.removeprefix(b"Content-Length: "))
        return json.loads(self._answers.read(size))

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


def _connect(port: int) -> socket.socket:
    """Connect to the debugger; on a busy machine it may start late."""
    deadline = time.monotonic() + 90
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=90)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, "no debugger"
            time.sleep(0.1)
