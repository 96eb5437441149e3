"""The contract's section on visitors."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from tests.contract.calls import assert_refused, read
from tests.contract.counters import assert_grew, new_session_id, session
from tests.contract.target import Target

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

INVALID_SESSIONS = ["", "x" * 129, "a b", "a.b", "a/b", "a;b"]
VALID_SESSIONS = ["x", "_", "-", "Az09_-", "x" * 128]


def track(client: httpx.Client, headers: dict[str, str] | None = None) -> tuple[int, bool]:
    answer = client.post("/visitors/track", headers=headers or session())
    assert answer.status_code == 200, answer.text
    visit = answer.json()
    assert visit.keys() == {"count", "tracked"}
    return visit["count"], visit["tracked"]


def count(client: httpx.Client) -> int:
    answer = read(client, "/visitors/count")
    assert answer.keys() == {"count"}
    return answer["count"]


# Counting


@pytest.mark.gateway
def test_a_session_counts_once_a_day(api: httpx.Client, target: Target) -> None:
    before, headers = count(api), session()
    first, again = track(api, headers), track(api, headers)
    assert (first[1], again[1]) == (True, False)
    assert_grew(target, before, first[0], 1)
    assert_grew(target, first[0], again[0], 0)
    assert_grew(target, again[0], count(api), 0)


def test_every_session_counts(api: httpx.Client, target: Target) -> None:
    before = count(api)
    assert [track(api)[1] for _ in range(3)] == [True, True, True]
    assert_grew(target, before, count(api), 3)


def test_visitors_with_and_without_a_token_are_counted_alike(
    owner: httpx.Client, user: httpx.Client
) -> None:
    headers = session()
    assert track(owner, headers)[1]
    assert not track(user, headers)[1]
    assert count(owner) >= 1


# Sessions


@pytest.mark.gateway
def test_without_the_header_the_session_is_the_address_and_the_user_agent(
    api: httpx.Client,
) -> None:
    here, there = ({"User-Agent": new_session_id()} for _ in range(2))
    assert [track(api, headers)[1] for headers in (here, there, here)] == [True, True, False]
    # An id is another session, whatever the user agent.
    assert track(api, here | session())[1]


@pytest.mark.parametrize("session_id", ["null", "undefined", "NaN"])
def test_a_session_id_that_javascript_makes_of_a_missing_one_is_none(
    api: httpx.Client, session_id: str
) -> None:
    here, there = ({"User-Agent": new_session_id()} for _ in range(2))
    assert [track(api, headers | session(session_id))[1] for headers in (here, there)] == [True] * 2
    assert not track(api, here)[1]


def test_a_session_id_of_the_client_is_one_session_whatever_the_user_agent(
    api: httpx.Client,
) -> None:
    headers = session()
    assert track(api, headers)[1]
    assert not track(api, headers | {"User-Agent": new_session_id()})[1]


@pytest.mark.parametrize("session_id", VALID_SESSIONS, ids=range(len(VALID_SESSIONS)))
def test_a_session_id_has_1_to_128_characters(api: httpx.Client, session_id: str) -> None:
    track(api, session(session_id))
    assert not track(api, session(session_id))[1]


@pytest.mark.parametrize("session_id", INVALID_SESSIONS, ids=range(len(INVALID_SESSIONS)))
@pytest.mark.parametrize("path", ["/visitors/track", "/analytics/track"])
def test_a_session_id_out_of_bounds_is_400(
    api: httpx.Client, target: Target, path: str, session_id: str
) -> None:
    before = count(api)
    body = {"contentId": "x", "contentType": "blog"} if path == "/analytics/track" else None
    answer = api.post(path, json=body, headers={"X-Session-Id": session_id})
    assert_refused(answer, 400, "X-Session-Id")
    assert_grew(target, before, count(api), 0)


# Trends


def days_up_to(day: date, length: int) -> list[str]:
    days = [day - timedelta(days=back) for back in reversed(range(length))]
    return [f"{MONTHS[each.month - 1]} {each.day}" for each in days]


def months_up_to(day: date, length: int) -> list[str]:
    return [MONTHS[(day.month - 1 - back) % 12] for back in reversed(range(length))]


def trend(
    owner: httpx.Client, path: str, key: str, names: Callable[[date], list[str]], **params: int
) -> list[int]:
    """Read a trend; check that it has an entry for every day or month up to today."""
    expected = [names(datetime.now(UTC).date())]
    answer = read(owner, f"/visitors/trends/{path}", **params)
    expected.append(names(datetime.now(UTC).date()))
    assert answer.keys() == {"trends"}
    assert all(entry.keys() == {key, "visitors"} for entry in answer["trends"])
    # Midnight may pass while we ask.
    assert [entry[key] for entry in answer["trends"]] in expected
    visitors = [entry["visitors"] for entry in answer["trends"]]
    assert all(type(number) is int and number >= 0 for number in visitors)
    return visitors


def daily(owner: httpx.Client, length: int = 30, **params: int) -> list[int]:
    return trend(owner, "daily", "date", lambda day: days_up_to(day, length), **params)


def monthly(owner: httpx.Client, length: int = 6, **params: int) -> list[int]:
    return trend(owner, "monthly", "month", lambda day: months_up_to(day, length), **params)


@pytest.mark.gateway
def test_the_daily_trend_has_every_day_up_to_today_oldest_first(owner: httpx.Client) -> None:
    month = daily(owner)
    for days in (1, 7, 90):
        assert len(daily(owner, days, days=days)) == days
    assert sum(month) <= count(owner)


@pytest.mark.gateway
def test_the_monthly_trend_has_every_month_up_to_this_oldest_first(owner: httpx.Client) -> None:
    half_year = monthly(owner)
    for months in (1, 3, 12):
        assert len(monthly(owner, months, months=months)) == months
    assert sum(half_year) <= count(owner)


def test_a_visit_is_in_todays_and_this_months_trend(owner: httpx.Client, target: Target) -> None:
    before = daily(owner)[-1], monthly(owner)[-1]
    headers = session()
    for _ in range(2):
        track(owner, headers)
    assert_grew(target, before[0], daily(owner)[-1], 1)
    assert_grew(target, before[1], monthly(owner)[-1], 1)


def test_days_without_visitors_are_0(owner: httpx.Client, target: Target) -> None:
    if not target.is_ours_alone:
        pytest.skip("when another stage had visitors is not known")
    track(owner)
    assert not any(daily(owner, 90, days=90)[:-2])
    assert not any(monthly(owner, 12, months=12)[:-2])


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        *[("daily", "days", value) for value in ("0", "91", "-1", "1.5", "swordfish")],
        *[("monthly", "months", value) for value in ("0", "13", "-1", "swordfish")],
    ],
)
def test_a_trends_length_out_of_bounds_is_400(
    owner: httpx.Client, path: str, name: str, value: str
) -> None:
    answer = owner.get(f"/visitors/trends/{path}", params={name: value})
    assert_refused(answer, 400, name)
    assert "swordfish" not in answer.text
