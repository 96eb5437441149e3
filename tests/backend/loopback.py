"""An HTTP server on loopback, in place of AWS."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import override


@dataclass
class LoopbackServer:
    """The answer of the server, for tests to change, and the requests it got."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    paths: list[str] = field(default_factory=list[str])


class QuietHandler(BaseHTTPRequestHandler):
    """Answers requests, and prints nothing of them."""

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@contextmanager
def serve(handler: type[QuietHandler]) -> Generator[str]:
    """Have requests handled on a free port; yields the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def run_loopback_server() -> Generator[LoopbackServer]:
    server = LoopbackServer()

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.paths.append(self.path)
            self.send_response(server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(server.body)))
            self.end_headers()
            self.wfile.write(server.body)

        do_POST = do_GET  # noqa: N815 - http.server's name

    with serve(Handler) as server.url:
        yield server
