"""The local access log: a thread writes it in batches."""

import signal
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from portfolio.local.access_log import (
    MOST_WAITING,
    STREAM,
    AccessLog,
    Destination,
    split_into_batches,
)
from portfolio.local.clients import EmulatorClients, connect
from portfolio.local.emulator import Emulator, free_port
from portfolio.local.gateway import AccessLogEntry

if TYPE_CHECKING:
    from types_boto3_logs.type_defs import InputLogEventTypeDef

FORMAT = {"path": "$context.path", "status": "$context.status", "user": "$context.identity.user"}

SECRET = "s" * 43
"""As long as the secret of an emulator's endpoint."""


@pytest.fixture(scope="module")
def clients(emulator: Emulator) -> EmulatorClients:
    return connect(emulator.endpoint, "us-east-1")


@pytest.fixture
def group(clients: EmulatorClients) -> Iterator[str]:
    """A new log group with the gateway's stream."""
    name = f"access-{uuid.uuid4()}"
    clients.logs.create_log_group(logGroupName=name)
    clients.logs.create_log_stream(logGroupName=name, logStreamName=STREAM)
    yield name
    clients.logs.delete_log_group(logGroupName=name)


@pytest.fixture
def warnings() -> list[str]:
    return []


@pytest.fixture
def shown() -> list[AccessLogEntry]:
    """The requests that the log has shown."""
    return []


@pytest.fixture
def log(
    clients: EmulatorClients,
    emulator: Emulator,
    group: str,
    warnings: list[str],
    shown: list[AccessLogEntry],
) -> Iterator[AccessLog]:
    destination = Destination(group, FORMAT)
    opened = AccessLog(
        clients.logs, destination, warnings.append, emulator.has_stopped, shown.extend
    )
    yield opened
    opened.close()


@pytest.fixture
def read(clients: EmulatorClients, group: str) -> Callable[[], list[Any]]:
    """A function to read the group's events."""

    def read() -> list[Any]:
        pages = clients.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [event for page in pages for event in page.get("events", [])]

    return read


def entry(number: int) -> AccessLogEntry:
    answered = datetime.now(UTC) + timedelta(milliseconds=number)
    return AccessLogEntry(answered, answered, f"id-{number}", "GET", f"/{number}", 200, 1.5)


@contextmanager
def stopped(emulator: Emulator) -> Generator[None]:
    """Pause the emulator's process in the block: calls to it wait."""
    emulator.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        emulator.process.send_signal(signal.SIGCONT)


def fill(log: AccessLog) -> None:
    """Add 50 requests above the limit while the writer waits for a paused emulator."""
    log.add(entry(0))
    # Time for the writer to take it.
    time.sleep(0.5)
    add(log, MOST_WAITING + 50)


def _newest(clients: EmulatorClients, group: str) -> str | None:
    """Return the newest line, if there is one."""
    read = clients.logs.get_log_events(logGroupName=group, logStreamName=STREAM, limit=1)
    return read["events"][0].get("message") if read["events"] else None


def _line(number: int) -> str:
    return f'{{"path": "/{number}", "status": "200", "user": "-"}}'


def add(log: AccessLog, count: int) -> None:
    """Add requests; none of them may wait for the log."""
    started = time.monotonic()
    for number in range(count):
        log.add(entry(number))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(("count", "seconds"), [(200, 2), (5_000, 10)])
def test_quick_requests_are_all_readable_soon(
    log: AccessLog, read: Callable[[], list[Any]], count: int, seconds: float
) -> None:
    add(log, count)
    deadline = time.monotonic() + seconds
    while len(events := read()) < count:
        assert time.monotonic() < deadline, f"{len(events)} of {count}"
        time.sleep(0.1)
    assert {event["message"] for event in events} == set(map(_line, range(count)))


def test_requests_that_ended_in_another_order_are_written_by_time(
    log: AccessLog, clients: EmulatorClients, group: str
) -> None:
    for number in (30, 10, 20):
        log.add(entry(number))
    log.close()
    events = clients.logs.get_log_events(
        logGroupName=group, logStreamName=STREAM, startFromHead=True
    )["events"]
    assert [event.get("message") for event in events] == [_line(10), _line(20), _line(30)]


def test_closing_writes_what_waits(
    log: AccessLog,
    read: Callable[[], list[Any]],
    warnings: list[str],
    shown: list[AccessLogEntry],
) -> None:
    add(log, 1_000)
    started = time.monotonic()
    log.close()
    assert time.monotonic() - started < 1.5
    assert len(read()) == 1_000
    assert [each.path for each in shown] == [f"/{number}" for number in range(1_000)]
    assert not warnings


def test_a_full_queue_leaves_out_the_newest_and_says_so_once(
    log: AccessLog, emulator: Emulator, clients: EmulatorClients, group: str, warnings: list[str]
) -> None:
    with stopped(emulator):
        fill(log)
    deadline = time.monotonic() + 15
    while _newest(clients, group) != _line(MOST_WAITING - 1):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert warnings == ["access log: 50 requests are missing (more than 10000 were waiting)"]


def test_closing_gives_up_on_an_emulator_that_does_not_answer(
    log: AccessLog, emulator: Emulator, warnings: list[str]
) -> None:
    with stopped(emulator):
        fill(log)
        started = time.monotonic()
        log.close()
        assert time.monotonic() - started < 1.5
    assert warnings == ["access log: 10051 requests are missing (the emulator is too slow)"]


def test_a_refusal_is_reported_and_the_log_goes_on(
    clients: EmulatorClients, log: AccessLog, group: str, warnings: list[str]
) -> None:
    clients.logs.delete_log_group(logGroupName=group)
    log.add(entry(0))
    deadline = time.monotonic() + 2
    while not warnings:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert warnings[0].startswith("access log: 1 requests are missing (")
    assert "ResourceNotFoundException" in warnings[0]
    clients.logs.create_log_group(logGroupName=group)
    clients.logs.create_log_stream(logGroupName=group, logStreamName=STREAM)
    log.add(entry(1))
    log.close()
    assert len(warnings) == 1
    events = clients.logs.filter_log_events(logGroupName=group)["events"]
    assert [event.get("message") for event in events] == [_line(1)]


@pytest.mark.parametrize("has_ended", [True, False])
def test_a_failed_call_is_reported_unless_the_emulator_has_ended(
    warnings: list[str], *, has_ended: bool
) -> None:
    nothing = boto3.Session("test", "test", region_name="us-east-1").client(
        "logs",
        endpoint_url=f"http://127.0.0.1:{free_port()}/{SECRET}",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )
    destination = Destination("access", FORMAT)
    log = AccessLog(nothing, destination, warnings.append, lambda: has_ended, lambda _: None)
    log.add(entry(0))
    log.close()
    assert len(warnings) == (0 if has_ended else 1), warnings


@pytest.mark.parametrize(("size", "count"), [(10, 25_000), (100_000, 30)])
def test_a_batch_stays_within_the_quotas_of_one_call(size: int, count: int) -> None:
    events: list[InputLogEventTypeDef] = [
        {"timestamp": number, "message": "ä" * (size // 2)} for number in range(count)
    ]
    batches = list(split_into_batches(events))
    assert [event for batch in batches for event in batch] == events
    assert len(batches) == 3
    for batch in batches:
        assert len(batch) <= 10_000
        assert sum(len(event["message"].encode()) + 26 for event in batch) <= 1024 * 1024
