"""The contract's section on visitors."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.backend.accounts import bearer
from tests.contract.calls import assert_refused, create, read
from tests.contract.content_kinds import POST
from tests.contract.counters import (
    ABSENT,
    FORMS,
    assert_grew,
    new_session_id,
    new_visitor,
    post,
    session,
    session_header,
)
from tests.contract.target import Target

MEBIBYTE = 1024 * 1024


def track(
    client: httpx.Client, headers: Mapping[str, str | bytes] | None = None, **options: Any
) -> tuple[int, bool]:
    visit = post(client, "/visitors/track", headers=headers or session(), **options)
    assert visit.keys() == {"message", "sessionId", "count", "tracked"}
    return visit["count"], visit["tracked"]


def count(client: httpx.Client) -> int:
    answer = read(client, "/visitors/count")
    assert answer.keys() == {"total_visitors", "last_updated"}
    return answer["total_visitors"]


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


@pytest.mark.gateway
def test_a_bad_token_is_ignored(api: httpx.Client, owner: httpx.Client) -> None:
    item = create(owner, POST, published=True)["id"]
    for authorization in (bearer("nonsense"), {"Authorization": "Basic eDp5"}):
        assert track(api, session() | authorization)[1]
        post(api, f"/analytics/track/blog/{item}", headers=session() | authorization)
        for path in ("/visitors/count", f"/analytics/views/blog/{item}"):
            assert api.get(path, headers=authorization).status_code == 200


@pytest.mark.gateway
def test_last_updated_is_the_time_of_the_last_counted_visit(
    api: httpx.Client, target: Target
) -> None:
    start, headers = datetime.now(UTC).replace(microsecond=0), session()
    track(api, headers)
    last = read(api, "/visitors/count")["last_updated"]
    assert last == f"{datetime.fromisoformat(last):%Y-%m-%dT%H:%M:%S}Z"
    # Other clocks than ours may be seconds apart.
    assert abs(datetime.fromisoformat(last) - start) < timedelta(minutes=1)
    if target.is_ours_alone:
        time.sleep(1)
        track(api, headers)
        assert read(api, "/visitors/count")["last_updated"] == last
        track(api)
        assert read(api, "/visitors/count")["last_updated"] > last


# Sessions


@pytest.mark.gateway
def test_without_an_id_the_session_is_the_address_and_the_user_agent(api: httpx.Client) -> None:
    here, there = new_visitor(), new_visitor()
    assert [track(api, headers)[1] for headers in (here, there, here)] == [True, True, False]
    # An id is another session, whatever the user agent.
    assert track(api, here | session())[1]


def test_a_session_id_of_the_client_is_one_session_whatever_the_user_agent(
    api: httpx.Client,
) -> None:
    headers = session()
    assert track(api, headers)[1]
    assert not track(api, headers | new_visitor())[1]


@pytest.mark.parametrize("session_id", FORMS, ids=range(len(FORMS)))
def test_a_session_id_has_1_to_128_characters(api: httpx.Client, session_id: str) -> None:
    track(api, session(session_id))
    assert not track(api, session(session_id) | new_visitor())[1]
    assert not track(api, new_visitor(), json={"session_id": session_id})[1]


@pytest.mark.gateway
@pytest.mark.parametrize("session_id", ABSENT, ids=range(len(ABSENT)))
def test_a_session_id_of_any_other_form_counts_as_absent(
    api: httpx.Client, session_id: str
) -> None:
    for sent in ({"headers": session_header(session_id)}, {"json": {"session_id": session_id}}):
        here, there = new_visitor(), new_visitor()
        headers = sent.pop("headers", {})
        seen = [track(api, visitor | headers, **sent)[1] for visitor in (here, there, here)]
        assert seen == [True, True, False]
        assert not track(api, here)[1]


@pytest.mark.parametrize("value", [None, 7, True, [], ["x"], {}, {"a": 1}], ids=range(7))
def test_a_session_id_in_the_body_that_is_not_text_counts_as_absent(
    api: httpx.Client, value: object
) -> None:
    here = new_visitor()
    assert track(api, here, json={"session_id": value})[1]
    assert not track(api, here)[1]


@pytest.mark.gateway
def test_the_header_comes_before_the_body(api: httpx.Client) -> None:
    of_header, of_body = new_session_id(), new_session_id()
    both = {"headers": session(of_header) | new_visitor(), "json": {"session_id": of_body}}
    assert post(api, "/visitors/track", **both)["tracked"]
    assert not track(api, session(of_header))[1]
    assert track(api, session(of_body))[1]
    absent = {"headers": session("undefined") | new_visitor(), "json": {"session_id": of_body}}
    assert not post(api, "/visitors/track", **absent)["tracked"]


def test_the_answer_shows_a_hash_of_the_session(api: httpx.Client) -> None:
    session_id, visitor = new_session_id(), new_visitor()
    by_header = post(api, "/visitors/track", headers=session(session_id))["sessionId"]
    by_body = post(api, "/visitors/track", json={"session_id": session_id})["sessionId"]
    by_visitor = post(api, "/visitors/track", headers=visitor)["sessionId"]
    assert by_header == by_body != by_visitor
    assert by_visitor == post(api, "/visitors/track", headers=visitor)["sessionId"]


# Bodies


@pytest.mark.gateway
@pytest.mark.parametrize(
    "content_type",
    [
        *("application/json", "text/plain;charset=UTF-8", "application/octet-stream"),
        *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense", ""),
    ],
)
def test_a_body_may_have_any_content_type(
    api: httpx.Client, owner: httpx.Client, content_type: str
) -> None:
    body = {"page_path": "/", "referrer": "", "session_id": new_session_id(), "extra": [7]}
    item = create(owner, POST, published=True)["id"]
    for path in ("/visitors/track", f"/analytics/track/blog/{item}"):
        headers = {"Content-Type": content_type} if content_type else {}
        seen = [
            post(api, path, content=json.dumps(body), headers=new_visitor() | headers)["tracked"]
            for _ in range(2)
        ]
        assert seen == [True, False]


@pytest.mark.gateway
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"7", b"[]", b'["session_id"]', b'"text"', b"{", b"session_id=x", b"\xff"),
        *(b'{"session_id": NaN}', b'{"session_id": "\\ud800"}', b'{"page_path": 1e999}'),
        b"[" * 100_000,
    ],
    ids=range(13),
)
def test_a_body_that_is_not_a_json_object_counts_as_none(
    api: httpx.Client, owner: httpx.Client, body: bytes
) -> None:
    item = create(owner, POST, published=True)["id"]
    for path in ("/visitors/track", f"/analytics/track/blog/{item}"):
        for headers in ({}, {"Content-Type": "application/json"}):
            visitor = new_visitor()
            assert post(api, path, content=body, headers=visitor | headers)["tracked"]
            assert not post(api, path, headers=visitor)["tracked"]


@pytest.mark.parametrize("name", ["page_path", "referrer"])
@pytest.mark.parametrize("value", [None, 7, "", "x" * 10_000, ["/"], {}], ids=range(6))
def test_page_path_and_referrer_are_accepted_and_ignored(
    api: httpx.Client, name: str, value: object
) -> None:
    assert track(api, json={name: value})[1]


@pytest.mark.gateway
def test_a_body_is_too_large_above_1_mib_and_an_object_above_200_keys(
    api: httpx.Client, owner: httpx.Client, target: Target
) -> None:
    item = create(owner, POST, published=True)["id"]
    before = count(api)
    for path in ("/visitors/track", f"/analytics/track/blog/{item}"):
        assert_refused(api.post(path, content=b" " * (MEBIBYTE + 1)), 413)
        for body in (many_keys(201), {"page_path": many_keys(201)}):
            assert_refused(api.post(path, json=body), 400)
    assert_grew(target, before, count(api), 0)
    assert track(api, json=many_keys(200))[1]
    assert track(api, content=b" " * MEBIBYTE)[1]


def many_keys(number: int) -> dict[str, object]:
    return {f"key {each}": each for each in range(number)}


# Trends


def days_up_to(day: date, length: int) -> list[str]:
    return [str(day - timedelta(days=back)) for back in reversed(range(length))]


def months_up_to(day: date, length: int) -> list[str]:
    numbers = [12 * day.year + day.month - 1 - back for back in reversed(range(length))]
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]


def trend(
    owner: httpx.Client, path: str, key: str, names: Callable[[date], list[str]], **params: int
) -> list[int]:
    """Read a trend; check that it has an entry for every day or month up to today."""
    expected = [names(datetime.now(UTC).date())]
    answer = owner.get(f"/visitors/trends/{path}", params=params)
    expected.append(names(datetime.now(UTC).date()))
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()
    assert all(entry.keys() == {key, "visitors"} for entry in entries)
    # Midnight may pass while we ask.
    assert [entry[key] for entry in entries] in expected
    visitors = [entry["visitors"] for entry in entries]
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


OUT_OF_BOUNDS_DAYS = ("0", "91", "-1", "1.5", "+5", "٣", "swordfish")


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        *[("daily", "days", value) for value in OUT_OF_BOUNDS_DAYS],
        *[
            ("monthly", "months", value)
            for value in ("0", "13", "-1", "1.0", "+5", "٣", "swordfish")
        ],
    ],
)
def test_a_trends_length_out_of_bounds_is_400(
    owner: httpx.Client, path: str, name: str, value: str
) -> None:
    answer = owner.get(f"/visitors/trends/{path}", params={name: value})
    assert_refused(answer, 400, name)
    assert "swordfish" not in answer.text
