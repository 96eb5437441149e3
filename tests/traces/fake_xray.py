"""X-Ray, CloudWatch Logs and Lambda on loopback, with recorded segment documents."""

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final, override

_PAGE: Final = 4
"""The number of traces on a page."""

_BATCH: Final = 5
_WINDOW: Final = 6 * 3600
"""Seconds of a search, at most."""

_TRACE_IDS: Final = r"1-[0-9a-f]{8}-[0-9a-f]{24}"


@dataclass
class FakeXray:
    """The traces and the access log of a stage, and the calls that were answered."""

    documents: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, Any])
    """The segment documents of each trace."""

    access: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """The lines of the gateway's access log."""

    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, Any])
    """Events of log groups, by the name of the group."""

    mode: str = "Active"
    """The function's setting for tracing."""

    searches: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    patterns: list[str] = field(default_factory=list[str])

    def answer(self, target: str, body: dict[str, Any]) -> Any:
        if target == "/TraceSummaries":
            return self._find(body)
        if target == "/Traces":
            return self._load(body)
        if target == "Logs_20140328.FilterLogEvents":
            return self._filter(body)
        assert target.endswith("/configuration?Qualifier=live"), target
        return {"FunctionName": "function", "TracingConfig": {"Mode": self.mode}}

    def _find(self, body: dict[str, Any]) -> Any:
        start, end = body["StartTime"], body["EndTime"]
        if end - start > _WINDOW:
            return None
        self.searches.append(body)
        ids = [each for each in self.documents if start <= int(each.split("-")[1], 16) <= end]
        first = int(body.get("NextToken", 0))
        page = [{"Id": each} for each in ids[first : first + _PAGE]]
        following = {"NextToken": str(first + _PAGE)} if first + _PAGE < len(ids) else {}
        return {"TraceSummaries": page, "TracesProcessedCount": len(ids), **following}

    def _load(self, body: dict[str, Any]) -> Any:
        ids: list[str] = body["TraceIds"]
        if len(ids) > _BATCH or not all(re.fullmatch(_TRACE_IDS, each) for each in ids):
            return None
        return {
            "Traces": [
                {
                    "Id": each,
                    "Segments": [
                        {"Id": document["id"], "Document": json.dumps(document)}
                        for document in self.documents[each]
                    ],
                }
                for each in ids
            ]
        }

    def _filter(self, body: dict[str, Any]) -> Any:
        pattern: str = body["filterPattern"]
        if len(pattern) > 1024:
            return None
        self.patterns.append(pattern)
        if body["logGroupName"] in self.events:
            return {"events": self.events[body["logGroupName"]]}
        found = [line for line in self.access if f'"{line["functionRequestId"]}"' in pattern]
        return {"events": [{"message": json.dumps(line)} for line in found]}


@contextmanager
def serve_xray() -> Generator[tuple[FakeXray, str]]:
    """Serve until the block ends; yield the answers and the address."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.xray, f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    @cached_property
    def xray(self) -> FakeXray:
        return FakeXray()


class _Handler(BaseHTTPRequestHandler):
    """Answers in JSON; a wrong request is refused as X-Ray does."""

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, body: dict[str, Any]) -> None:
        assert isinstance(self.server, _Server)
        answer = self.server.xray.answer(self.headers.get("X-Amz-Target") or self.path, body)
        error = {"__type": "InvalidRequestException", "message": "Invalid"}
        content = json.dumps(error if answer is None else answer).encode()
        self.send_response(400 if answer is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""
