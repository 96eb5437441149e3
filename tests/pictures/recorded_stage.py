"""A stage in AWS on loopback, with the logs and traces of two requests."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.portfolio.refusing_aws import serve_refusing_aws, variables
from tests.traces.documents import cold_start, crash, invocation_id, trace_id
from tests.traces.fake_xray import FakeXray, serve_xray

_FIRST: Final = (1, "JKJaXmPLvHcESHA=")
_SECOND: Final = (2, "JKJbTjW4PHcEMhg=")
"""Numbers of requests, and the gateway's ids."""

_TRACEBACK: Final = """Traceback (most recent call last):
  File "/var/task/starlette/routing.py", line 76, in app
    response = await f(request)
               ^^^^^^^^^^^^^^^^
  File "/var/task/fastapi/routing.py", line 312, in app
    raw_response = await run_endpoint_function(
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/var/task/src/api/visitors.py", line 64, in count
    return totals["visitors"]
           ~~~~~~^^^^^^^^^^^^
KeyError: 'visitors'"""


_REPORT: Final = (
    f"REPORT RequestId: {invocation_id(1)}\tDuration: 196.98 ms\tBilled Duration: 1049 ms\t"
    "Memory Size: 512 MB\tMax Memory Used: 110 MB\tInit Duration: 851.51 ms\t"
)


@contextmanager
def recorded_stage(folder: Path) -> Generator[dict[str, str | None]]:
    """Serve until the block ends; yield the environment of a command for the stack dev."""
    with serve_refusing_aws() as sts, serve_xray() as (xray, address):
        sts.trusted.add("sts")
        _fill(xray)
        yield variables(folder, address, sts.endpoint)


def _fill(xray: FakeXray) -> None:
    # The same time each day, so the pictures stay the same. Before it, the tests compare no digits.
    now = datetime.now().astimezone()
    start = now.replace(hour=9, minute=5, second=3, microsecond=911_000)
    if start > now - timedelta(minutes=1):
        # Today: `logs` prints the date of another day.
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        start = max(midnight, now - timedelta(minutes=5))
    first, second = start.timestamp(), start.timestamp() + 4.2
    xray.documents[trace_id(first, 1)] = cold_start(first, 1)
    xray.documents[trace_id(second, 2)] = crash(second, 2, "'visitors'")
    xray.access.append(_access(_FIRST, "POST /blogs 201", "1441"))
    xray.access.append(_access(_SECOND, "GET /visitors 500", "15"))
    written = [json.dumps(line) for line in xray.access]
    xray.events["/access"] = _events((first + 1.441, written[0]), (second + 0.015, written[1]))
    xray.events["/function"] = _events(
        (first + 1.42, _app(_FIRST, "INFO", "POST /blogs 201", durationMs=194.02, role="owner")),
        (first + 1.43, _REPORT),
        (second, _app(_SECOND, "ERROR", "Unexpected error: KeyError", exception=_TRACEBACK)),
    )


def _access(request: tuple[int, str], line: str, latency: str) -> dict[str, str]:
    method, path, status = line.split()
    number, request_id = request
    ids = {"requestId": request_id, "functionRequestId": invocation_id(number)}
    return {**ids, "method": method, "path": path, "status": status, "latency": latency}


def _app(request: tuple[int, str], level: str, message: str, **fields: object) -> str:
    number, request_id = request
    ids = {"requestId": request_id, "functionRequestId": invocation_id(number)}
    return json.dumps({"level": level, "message": message, "logger": "src.api", **ids, **fields})


def _events(*lines: tuple[float, str]) -> list[dict[str, Any]]:
    return [
        {
            "eventId": str(number),
            "logStreamName": "stream",
            "timestamp": int(1000 * moment),
            "message": message,
        }
        for number, (moment, message) in enumerate(lines)
    ]
