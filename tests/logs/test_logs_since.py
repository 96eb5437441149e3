"""`--since`: durations and times."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.errors import CommandLineError
from portfolio.logs.since import parse_since

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def since(text: str) -> datetime:
    return datetime.fromtimestamp(parse_since(text, NOW) / 1000, UTC)


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("30s", timedelta(seconds=30)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        (" 0s ", timedelta(0)),
    ],
)
def test_a_duration_is_counted_back_from_now(text: str, ago: timedelta) -> None:
    assert since(text) == NOW - ago


@pytest.mark.parametrize(
    "text", ["2026-01-31T09:30:00Z", "2026-01-31T10:30+01:00", "20260131T093000Z"]
)
def test_an_iso_time_is_that_moment(text: str) -> None:
    assert since(text) == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def test_an_iso_time_without_a_zone_is_local() -> None:
    assert since("2026-01-30T09:30") == datetime(2026, 1, 30, 9, 30).astimezone()
    assert since("2026-01-30") == datetime(2026, 1, 30).astimezone()


def test_nothing_is_older_than_1970() -> None:
    assert parse_since("100000d", NOW) == 0


@pytest.mark.parametrize(
    "text", ["", "10", "m", "10 m", "-10m", "1.5h", "10M", "1w", "٣m", "99999999999d", "yesterday"]
)
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(
        CommandLineError, match="is not a time: use a duration such as 30s, 10m"
    ) as refusal:
        parse_since(text, NOW)
    assert "\n" not in str(refusal.value)


def test_the_future_is_refused() -> None:
    with pytest.raises(CommandLineError, match="is in the future"):
        parse_since("2026-02-01", NOW)
