"""Visits are counted exactly once per session and day."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from src.repositories.table import Table
from src.repositories.visitors import VisitorRepository
from src.utils.errors import ServiceUnavailableError
from tests.backend.content_checks import clear_table, read_table
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import before_each, cancelled, lose_answers, record, refuse

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

CONFLICT = cancelled("None", "TransactionConflict", "None")


@dataclass
class SetClock:
    """A clock that only a test moves."""

    now: datetime = datetime(2097, 1, 31, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def visitors(
    own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str, clock: SetClock
) -> VisitorRepository:
    clear_table(dynamodb, table_name)
    return VisitorRepository(Table(own_client, table_name), clock)


def test_a_session_counts_once_a_day(visitors: VisitorRepository, clock: SetClock) -> None:
    assert visitors.count().total == 0
    assert visitors.track("a") == (1, True)
    assert visitors.track("a") == (1, False)
    assert visitors.track("b") == (2, True)
    clock.now += timedelta(hours=14)
    assert visitors.track("a") == (2, False)
    assert visitors.count().total == 2


def test_the_day_ends_at_midnight_utc_whether_the_marker_has_expired_or_not(
    visitors: VisitorRepository, clock: SetClock
) -> None:
    clock.now = datetime(2097, 2, 28, 23, 59, 59, 999999, UTC)
    assert visitors.track("a").tracked
    clock.now = datetime(2097, 3, 1, tzinfo=UTC)
    assert visitors.track("a") == (2, True)
    assert visitors.daily(2) == [(date(2097, 2, 28), 1), (date(2097, 3, 1), 1)]
    assert visitors.monthly(2) == [(date(2097, 2, 1), 1), (date(2097, 3, 1), 1)]


def test_the_last_counted_visit_is_known_to_the_second(
    visitors: VisitorRepository, clock: SetClock
) -> None:
    assert visitors.count() == (0, None)
    for number in range(100):
        clock.now += timedelta(seconds=1.5)
        visitors.track(str(number))
    last = clock.now.replace(microsecond=0)
    assert visitors.count() == (100, last)
    clock.now += timedelta(minutes=1)
    visitors.track("0")
    assert visitors.count() == (100, last)


def test_a_marker_holds_nothing_but_when_it_ends(
    visitors: VisitorRepository, dynamodb: "DynamoDBClient", table_name: str
) -> None:
    visitors.track("hmac")
    marker = read_table(dynamodb, table_name)["session#hmac", "visit"]
    assert marker == {"expiresAt": int(datetime(2097, 2, 1, tzinfo=UTC).timestamp())}


def test_trends_have_every_day_and_month_oldest_first(
    visitors: VisitorRepository, clock: SetClock
) -> None:
    for day, sessions in ((date(2096, 12, 31), "ab"), (date(2097, 1, 2), "c")):
        clock.now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        for session in sessions:
            visitors.track(session)

    assert visitors.daily(4) == [
        (date(2096, 12, 30), 0),
        (date(2096, 12, 31), 2),
        (date(2097, 1, 1), 0),
        (date(2097, 1, 2), 1),
    ]
    assert visitors.daily(1) == [(date(2097, 1, 2), 1)]
    assert visitors.monthly(3) == [
        (date(2096, 11, 1), 0),
        (date(2096, 12, 1), 2),
        (date(2097, 1, 1), 1),
    ]
    assert len(visitors.monthly(12)) == 12


@pytest.mark.parametrize("others", [timedelta(milliseconds=200), timedelta(days=32)])
def test_another_clock_that_is_ahead_at_midnight_hides_nothing(
    visitors: VisitorRepository,
    dynamodb: "DynamoDBClient",
    table_name: str,
    clock: SetClock,
    others: timedelta,
) -> None:
    clock.now = datetime(2097, 1, 31, 23, 59, 59, 900_000, UTC)
    ahead = VisitorRepository(Table(dynamodb, table_name), SetClock(clock.now + others))
    visitors.track("a")
    ahead.track("b")
    assert visitors.daily(1) == [(date(2097, 1, 31), 1)]
    assert visitors.monthly(1) == [(date(2097, 1, 1), 1)]
    assert ahead.daily(1)[0][1] == ahead.monthly(1)[0][1] == 1
    assert visitors.count().total == ahead.count().total == 2


def test_a_trend_that_ends_long_after_the_last_visit_is_empty(
    visitors: VisitorRepository, clock: SetClock
) -> None:
    visitors.track("a")
    clock.now += timedelta(days=400)
    assert {count for _, count in [*visitors.daily(90), *visitors.monthly(12)]} == {0}


def test_a_trend_is_one_query_and_a_second_visit_two_reads(
    visitors: VisitorRepository, own_client: "DynamoDBClient"
) -> None:
    calls = record(own_client)
    for work in (
        lambda: visitors.track("a"),
        lambda: visitors.track("a"),
        lambda: visitors.daily(90),
        lambda: visitors.monthly(12),
    ):
        work()
    assert [name for name, _ in calls] == [
        *("GetItem", "TransactWriteItems", "Query"),
        *("GetItem", "Query"),
        "Query",
        "Query",
    ]


def test_a_lost_answer_counts_once(
    visitors: VisitorRepository, own_client: "DynamoDBClient"
) -> None:
    calls = lose_answers(own_client, "TransactWriteItems")
    assert visitors.track("a") == (1, True)
    assert calls["TransactWriteItems"] == 2
    assert visitors.daily(1)[0][1] == visitors.monthly(1)[0][1] == 1


def test_a_conflict_is_tried_again(
    visitors: VisitorRepository, own_client: "DynamoDBClient"
) -> None:
    calls = refuse(own_client, "TransactWriteItems", CONFLICT, times=3)
    assert visitors.track("a") == (1, True)
    assert calls["TransactWriteItems"] == 4


def test_endless_conflicts_are_an_error_and_count_nothing(
    visitors: VisitorRepository, own_client: "DynamoDBClient"
) -> None:
    refuse(own_client, "TransactWriteItems", CONFLICT, times=100)
    with pytest.raises(ServiceUnavailableError, match="visitors"):
        visitors.track("a")
    assert visitors.count().total == 0


def test_the_same_session_at_the_same_moment_counts_once(
    visitors: VisitorRepository,
    own_client: "DynamoDBClient",
    dynamodb: "DynamoDBClient",
    table_name: str,
    clock: SetClock,
) -> None:
    other = VisitorRepository(Table(dynamodb, table_name), clock)
    before_each(own_client, "TransactWriteItems", [lambda: other.track("a")])
    assert visitors.track("a") == (1, False)


def test_two_hundred_visits_at_once_of_fifty_sessions(visitors: VisitorRepository) -> None:
    sessions = [f"session {number % 50}" for number in range(200)]
    with ThreadPoolExecutor(16) as pool:
        visits = list(pool.map(visitors.track, sessions))

    assert sum(visit.tracked for visit in visits) == 50
    assert visitors.count().total == visitors.daily(1)[0][1] == visitors.monthly(1)[0][1] == 50
    assert max(visit.total for visit in visits) == 50
