"""100,000 events through the handler: each has its status, and memory does not grow."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

from portfolio.local.emulator import ACCESS_KEY, run_emulator
from tests.backend.app_settings import function_credentials
from tests.backend.lambda_client import event_of
from tests.backend.lambda_handler import handler_environment, make_event
from tests.reliability.figures import Row
from tests.reliability.site import Site, open_site

_ROUNDS: Final = 5
_READ_EVERY: Final = 25
"""Events between two that read from DynamoDB: those take ten times as long."""

_MOST_BYTES: Final = 800
"""Growth per event. A list that keeps every event would grow by 2,000 bytes or more.

The first ten thousand events still fill caches, and a measurement of the coverage adds to it.
"""

_WITHOUT_AWS: Final = (
    (200, make_event("GET", "/health")),
    (404, make_event("GET", "/nowhere")),
    (405, make_event("PATCH", "/health")),
    (401, make_event("POST", "/blogs", '{"title": "A title"}')),
    (401, make_event("GET", "/auth/me", authorization="Bearer no-token")),
    (400, make_event("POST", "/auth/login", '{"email": 1}', content_type="application/json")),
    (400, make_event("POST", "/auth/login", "{", content_type="application/json")),
)
"""Events with the status of their answers."""

_SERVE: Final = """
import gc, json, os, sys, time
from pathlib import Path
from types import SimpleNamespace
answers, sys.stdout = sys.stdout, sys.stderr
from src.main import handler
context = SimpleNamespace(aws_request_id="lambda-id")
def count_bytes():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
events = json.loads(sys.stdin.readline())
for size in sys.stdin:
    odd, longest = [], 0
    for number in range(int(size)):
        status, event = events[number % len(events)]
        started = time.monotonic()
        answer = handler(event, context)
        longest = max(longest, time.monotonic() - started)
        if answer["statusCode"] != status:
            odd.append(f"{event['rawPath']}: {answer['statusCode']}, not {status}")
    told = {"odd": odd, "longest": longest, "bytes": count_bytes()}
    print(json.dumps(told), file=answers, flush=True)
"""


def measure() -> Iterator[Row]:
    """Send 100,000 events to one process of the function."""
    with function_credentials(), run_emulator() as emulator, open_site(emulator) as site:
        yield from send_events(site, 100_000)


def send_events(site: Site, total: int) -> Iterator[Row]:
    """Send so many events in rounds; return their row, and one of the growth after the first."""
    environment = handler_environment(site.settings) | {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
    }
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield from _send_rounds(process, _make_events(site), total // _ROUNDS)
        finally:
            process.kill()


def _make_events(site: Site) -> list[tuple[int, dict[str, Any]]]:
    """Return events without calls to AWS, and among them reads of every list and item."""
    reads = [call for call in site.fill() if call.method == "GET" and not call.as_owner]
    events: list[tuple[int, dict[str, Any]]] = []
    for call in reads:
        status = site.send(call).status_code
        events.append((status, event_of(site.make_request(call))))
        events += [_WITHOUT_AWS[n % len(_WITHOUT_AWS)] for n in range(_READ_EVERY - 1)]
    return events


def _send_rounds(
    process: "subprocess.Popen[str]", events: list[tuple[int, dict[str, Any]]], size: int
) -> Iterator[Row]:
    assert process.stdin
    assert process.stdout
    print(json.dumps(events), file=process.stdin, flush=True)
    row, used = Row("events"), list[int]()
    for _ in range(_ROUNDS):
        print(size, file=process.stdin, flush=True)
        told = json.loads(process.stdout.readline())
        row.tried += size
        row.lost += told["odd"]
        row.longest = max(row.longest, told["longest"])
        used.append(told["bytes"])
    yield row
    yield check_growth("memory of the function", used, size)


def check_growth(name: str, used: list[int], size: int, most: float = _MOST_BYTES) -> Row:
    """Return a row with the growth of a process, per event or request.

    Args:
        name: the process or its memory, for people.
        used: its bytes after each round; the first round fills caches and does not count.
        size: the number of events in a round.
        most: the bytes that it may grow by for each event.
    """
    growth = (used[-1] - used[0]) / (size * (len(used) - 1))
    row = Row(f"{name} ({max(growth, 0):,.0f} bytes of growth for each)")
    with row.case(name):
        assert growth < most, f"{growth:.0f} bytes an event; after each round: {used}"
    return row
