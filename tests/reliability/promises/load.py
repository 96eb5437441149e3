"""Load on the local stage by locust: each request is answered, and memory stays flat."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import boto3
import psutil
from botocore.config import Config

from infra.package.uv import run_uv
from infra.paths import CACHE
from infra.processes.environment import inherited_environment
from portfolio.local.emulator import ACCESS_KEY
from portfolio.local.running_stages import find_running
from tests.local.up_process import Run, portfolio_up
from tests.reliability.figures import Row
from tests.reliability.promises.events import check_growth

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

_ENVIRONMENT: Final = CACHE / "load"
_FILE: Final = Path(__file__).parents[1] / "locustfile.py"
_ROUNDS: Final = 5
_USERS: Final = 3
_TIME_LIMIT: Final = "10m"
"""The longest time of a round."""

_MOST_BYTES: Final = 500
"""Growth of a process of ours per request. Each request and its answer have 2,000 bytes or more."""

_MOST_BYTES_OF_EMULATOR: Final = 4000
"""The emulator stores sessions, traces and metrics in memory, for as long as it runs."""


def measure() -> Iterator[Row]:
    """Send 20,000 requests to a local stage."""
    yield from send_load(20_000)


def send_load(total: int) -> Iterator[Row]:
    """Send so many requests in rounds; return their row, and a row for each process."""
    locust = _install_locust()
    with TemporaryDirectory(prefix="reliability-load-") as folder, portfolio_up(Path(folder)) as up:
        up.wait_for("Ctrl-C to stop")
        logs = _connect(int(up.url.rpartition(":")[2]))
        row, used = Row("requests to the local stage"), defaultdict[str, list[int]](list)
        for _ in range(_ROUNDS):
            _send_round(locust, up.url, total // _ROUNDS, row)
            _delete_logs(logs)
            for name, size in _measure_processes(up).items():
                used[name].append(size)
        yield row
        yield from _check_processes(used, total // _ROUNDS)


def _install_locust() -> Path:
    """Install locust in an environment of its own, as locked; return the program."""
    result = run_uv(
        *("sync", "--frozen", "--only-group", "load"),
        environment={"UV_PROJECT_ENVIRONMENT": str(_ENVIRONMENT)},
    )
    assert result.returncode == 0, f"locust cannot be installed: {result.stderr}"
    return _ENVIRONMENT / "bin/locust"


def _connect(port: int) -> "CloudWatchLogsClient":
    stage = find_running(port)
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=stage.region)
    return session.client("logs", endpoint_url=stage.emulator, config=Config(proxies={}))


def _send_round(locust: Path, url: str, size: int, row: Row) -> None:
    words = ["--headless", "--json", "--skip-log", "--only-summary", "--exit-code-on-error", "0"]
    finished = subprocess.run(
        [locust, "-f", _FILE, *words, "-H", url, "-u", str(_USERS), "-t", _TIME_LIMIT],
        env=inherited_environment() | {"PORTFOLIO_REQUESTS": str(size)},
        capture_output=True,
        text=True,
        check=True,
    )
    pages: list[Mapping[str, Any]] = json.loads(finished.stdout)
    count = sum(page["num_requests"] for page in pages)
    assert count >= size, f"only {count} requests in {_TIME_LIMIT}: {finished.stderr[-500:]}"
    row.tried += count
    row.longest = max(row.longest, *(page["max_response_time"] / 1000 for page in pages))
    for page in pages:
        row.lost += [f"{page['method']} {page['name']}"] * page["num_failures"]


def _delete_logs(logs: "CloudWatchLogsClient") -> None:
    """Delete the function's logs: the emulator keeps a stream for each request, in memory."""
    for group in logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]:
        name = group.get("logGroupName", "")
        logs.delete_log_group(logGroupName=name)
        logs.create_log_group(logGroupName=name)


def _measure_processes(up: Run) -> dict[str, int]:
    """Return the bytes of memory of each process of a stage."""
    command = psutil.Process(up.process.pid)
    found = {"the command": command.memory_info().rss}
    for process in command.children(recursive=True):
        words = " ".join(process.cmdline())
        if "emulator_process" in words:
            found["the emulator"] = process.memory_info().rss
        elif "_worker.py" in words:
            found[f"worker {process.pid}"] = process.memory_info().rss
    return found


def _check_processes(used: Mapping[str, list[int]], size: int) -> Iterator[Row]:
    """Compare the memory after each round; a worker that came later has no figure."""
    yield check_growth("memory of make up", used["the command"], size, _MOST_BYTES)
    workers = [sizes for name, sizes in used.items() if name.startswith("worker")]
    complete = [sizes for sizes in workers if len(sizes) == _ROUNDS]
    total = [sum(sizes) for sizes in zip(*complete, strict=True)]
    yield check_growth("memory of the function's processes", total, size, _MOST_BYTES)
    name = "memory of the emulator, without the function's logs"
    yield check_growth(name, used["the emulator"], size, _MOST_BYTES_OF_EMULATOR)
