"""CloudWatch Logs with what the emulator leaves out of it: saved queries, and refusals."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any, Final
from urllib.parse import urlsplit

from tests.backend.loopback import QuietHandler, serve

_QUERIES: Final = "Logs_20140328.DescribeQueryDefinitions"

type _Answer = tuple[int, bytes]


class LogsService:
    """What a test may say of it; whatever it does not answer itself goes to the emulator."""

    def __init__(self, emulator: str) -> None:
        self._emulator = urlsplit(emulator)
        self.endpoint = ""
        self.queries: list[str] = []
        """The names of those saved, in every region."""

        self.denies = False
        """Whether nobody may ask for them."""

    def answer(self, headers: dict[str, str], body: bytes) -> _Answer:
        if headers.get("X-Amz-Target") != _QUERIES:
            return self._forward(headers, body)
        if self.denies:
            return 400, _encode(__type="AccessDeniedException", message="not authorized to look")
        return 200, self._find_queries(json.loads(body))

    def _find_queries(self, asked: dict[str, Any]) -> bytes:
        """One on each page, as AWS may."""
        prefix, page = asked["queryDefinitionNamePrefix"], int(asked.get("nextToken", 0))
        found = [name for name in self.queries if name.startswith(prefix)]
        more = {"nextToken": str(page + 1)} if page + 1 < len(found) else {}
        return _encode(queryDefinitions=[{"name": name} for name in found[page : page + 1]], **more)

    def _forward(self, headers: dict[str, str], body: bytes) -> _Answer:
        connection = HTTPConnection(self._emulator.netloc)
        try:
            connection.request("POST", self._emulator.path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


@contextmanager
def serve_logs(emulator: str) -> Generator[LogsService]:
    """Serve it on loopback: a client finds it by `AWS_ENDPOINT_URL_CLOUDWATCH_LOGS`."""
    service = LogsService(emulator)

    class Handler(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802 - http.server's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = service.answer(dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with serve(Handler) as service.endpoint:
        yield service


def _encode(**answer: Any) -> bytes:
    return json.dumps(answer).encode()
