"""Each event is read exactly once, with any paging and order of CloudWatch Logs."""

from typing import TYPE_CHECKING

import pytest

from portfolio.logs.events import GroupReader, LogGroup, LogQuery, Tail
from tests.logs.cloudwatch import (
    answer_in_pages,
    drop_event_ids,
    messages,
    now,
    put,
    put_by_time,
    record_queries,
    throttle,
)

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

    from portfolio.logs.events import StageLogs

MINUTE = 60_000


@pytest.fixture
def group(logs: "StageLogs") -> LogGroup:
    return logs.groups[1]


@pytest.fixture
def reader(client: "CloudWatchLogsClient", group: LogGroup) -> GroupReader:
    return GroupReader(client, group, LogQuery("", now() - 10 * MINUTE), pytest.fail)


def test_what_is_older_is_left_out(
    client: "CloudWatchLogsClient", group: LogGroup, reader: GroupReader
) -> None:
    put(client, group.name, "old", timestamp=now() - 11 * MINUTE)
    put(client, group.name, "new")
    assert messages(reader.read_new()) == ["new"]


def test_all_pages_are_read_an_empty_one_too(
    client: "CloudWatchLogsClient", group: LogGroup, reader: GroupReader
) -> None:
    expected = [f"event {number}" for number in range(25)]
    start = now() - MINUTE
    for number, message in enumerate(expected):
        put(client, group.name, message, timestamp=start + number)
    answer_in_pages(client, 4)
    queries = record_queries(client)
    assert messages(reader.read_new()) == expected
    assert len(queries) == 1 + 7
    assert messages(reader.read_new()) == []


def test_events_after_the_emulator_s_limit_are_read_too(
    client: "CloudWatchLogsClient", group: LogGroup, reader: GroupReader
) -> None:
    start = now() - MINUTE
    put_by_time(client, group.name, {start: 9_997, start + 1: 5, start + 2: 2})
    queries = record_queries(client)
    assert len(messages(reader.read_new())) == 10_004
    assert len(queries) == 2
    assert messages(reader.read_new()) == []
    # As the emulator's events of a function: the copies of an event are told apart by their count.
    drop_event_ids(client)
    again = GroupReader(client, group, LogQuery("", start), pytest.fail)
    assert len(messages(again.read_new())) == 10_004


def test_a_millisecond_beyond_the_limit_is_reported_once_and_the_rest_is_read(
    client: "CloudWatchLogsClient", group: LogGroup
) -> None:
    warnings: list[str] = []
    reader = GroupReader(client, group, LogQuery("", now() - MINUTE), warnings.append)
    moment = now() - 1000
    put_by_time(client, group.name, {moment: 10_001, now(): 1})
    assert len(messages(reader.read_new())) == 10_001
    assert messages(reader.read_new()) == []
    (warning,) = warnings
    assert warning.startswith(f"{group.name}: only 10,000 events of 20")
    assert "\n" not in warning


def test_an_event_of_a_millisecond_already_read_is_not_lost(
    client: "CloudWatchLogsClient", group: LogGroup, reader: GroupReader
) -> None:
    moment = now()
    put(client, group.name, "first", "second", timestamp=moment)
    assert messages(reader.read_new()) == ["first", "second"]
    put(client, group.name, "third", timestamp=moment)
    assert messages(reader.read_new()) == ["third"]
    assert messages(reader.read_new()) == []


def test_an_event_that_arrives_late_is_not_lost(
    client: "CloudWatchLogsClient", group: LogGroup, reader: GroupReader
) -> None:
    put(client, group.name, "at once")
    assert messages(reader.read_new()) == ["at once"]
    put(client, group.name, "late", timestamp=now() - 4 * MINUTE)
    assert messages(reader.read_new()) == ["late"]
    assert messages(reader.read_new()) == []


def test_events_alike_are_each_read(
    client: "CloudWatchLogsClient", group: LogGroup, reader: GroupReader
) -> None:
    put(client, group.name, "same", "same", timestamp=now())
    assert messages(reader.read_new()) == ["same", "same"]
    assert messages(reader.read_new()) == []


def test_events_without_an_id_are_told_apart_all_the_same(
    client: "CloudWatchLogsClient", group: LogGroup, reader: GroupReader
) -> None:
    drop_event_ids(client)
    moment = now()
    put(client, group.name, "same", "same", timestamp=moment)
    assert messages(reader.read_new()) == ["same", "same"]
    put(client, group.name, "same", timestamp=moment)
    assert messages(reader.read_new()) == ["same"]
    assert messages(reader.read_new()) == []


def test_only_the_last_minutes_by_aws_s_clock_are_read_again(
    client: "CloudWatchLogsClient", group: LogGroup
) -> None:
    reader = GroupReader(client, group, LogQuery("", 0), pytest.fail)
    put(client, group.name, "old", timestamp=now() - 60 * MINUTE)
    queries = record_queries(client)
    assert messages(reader.read_new()) == ["old"]
    assert messages(reader.read_new()) == []
    first, second = (query["startTime"] for query in queries)
    assert first == 0
    assert abs(now() - 5 * MINUTE - second) < 10_000


def test_being_throttled_loses_nothing(
    client: "CloudWatchLogsClient", group: LogGroup, reader: GroupReader
) -> None:
    put(client, group.name, "patience")
    calls = throttle(client, times=2)
    assert messages(reader.read_new()) == ["patience"]
    assert calls.total() == 3


def test_two_logs_are_merged_by_time(client: "CloudWatchLogsClient", logs: "StageLogs") -> None:
    access, function = logs.groups
    start = now() - MINUTE
    put(client, access.name, "1", timestamp=start + 1)
    put(client, access.name, "3", timestamp=start + 3)
    put(client, function.name, "0", timestamp=start)
    put(client, function.name, "2", timestamp=start + 2)
    put(client, function.name, "4", timestamp=start + 4)
    answer_in_pages(client, 1)
    assert messages(Tail(logs, LogQuery("", start), pytest.fail).read_new()) == [
        "0",
        "1",
        "2",
        "3",
        "4",
    ]


def test_the_pattern_is_aws_s_to_apply(client: "CloudWatchLogsClient", logs: "StageLogs") -> None:
    put(client, logs.groups[1].name, "GET /blog", "GET /health")
    queries = record_queries(client)
    tail = Tail(logs, LogQuery('"/blog"', now() - MINUTE), pytest.fail)
    assert messages(tail.read_new()) == ["GET /blog"]
    assert {query["filterPattern"] for query in queries} == {'"/blog"'}
