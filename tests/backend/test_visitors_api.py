"""The contract's visitors, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from src.app import create_app
from tests.backend.app_client import connect
from tests.backend.content_checks import clear_table, read_table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from src.config import Settings

TRACK = "/v1/visitors/track"

type Headers = dict[str, str]


@pytest.fixture(autouse=True)
def empty_table(dynamodb: "DynamoDBClient", table_name: str) -> None:
    clear_table(dynamodb, table_name)


def track(client: httpx.Client, **headers: str) -> dict[str, Any]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.post(TRACK, headers=names)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_session_counts_once(client: httpx.Client) -> None:
    assert client.get("/v1/visitors/count").json() == {"count": 0}
    assert track(client, X_Session_Id="a") == {"count": 1, "tracked": True}
    assert track(client, X_Session_Id="a") == {"count": 1, "tracked": False}
    assert track(client, X_Session_Id="b") == {"count": 2, "tracked": True}
    assert client.get("/v1/visitors/count").json() == {"count": 2}


def test_without_a_session_id_it_is_the_address_and_the_user_agent(client: httpx.Client) -> None:
    assert track(client, User_Agent="one")["tracked"]
    assert not track(client, User_Agent="one")["tracked"]
    assert track(client, User_Agent="two")["tracked"]
    assert track(client, User_Agent="one", X_Session_Id="one")["tracked"]


@pytest.mark.parametrize("session_id", ["", "x" * 129, "a b", "a;", "a.b"])
def test_a_session_id_of_another_form_is_refused(client: httpx.Client, session_id: str) -> None:
    answer = client.post(TRACK, headers={"X-Session-Id": session_id})
    assert answer.status_code == 400
    assert answer.json()["details"].keys() == {"X-Session-Id"}
    assert client.get("/v1/visitors/count").json() == {"count": 0}


@pytest.mark.parametrize("session_id", ["x" * 128, "a-B_9"])
def test_a_session_id_of_the_right_form_is_taken(client: httpx.Client, session_id: str) -> None:
    assert track(client, X_Session_Id=session_id)["tracked"]


def test_sessions_are_stored_under_the_stage_s_key_only(
    client: httpx.Client, settings: "Settings", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    track(client, X_Session_Id="recognisable")
    track(client, User_Agent="recognisable")
    other_key = settings.model_copy(update={"session_key": type(settings.session_key)("x" * 32)})
    with connect(create_app(other_key)) as other:
        assert track(other, X_Session_Id="recognisable")["tracked"]

    keys = [partition for partition, _ in read_table(dynamodb, table_name)]
    sessions = [key.removeprefix("session#") for key in keys if key.startswith("session#")]
    assert [len(bytes.fromhex(session)) for session in sessions] == [32, 32, 32]
    assert "recognisable" not in str(read_table(dynamodb, table_name))


def test_daily_trends_have_every_day_up_to_today(
    client: httpx.Client, owner_headers: Headers
) -> None:
    track(client, X_Session_Id="a")
    today = datetime.now(UTC).date()

    trends = client.get("/v1/visitors/trends/daily", headers=owner_headers).json()["trends"]

    days = [today - timedelta(days=ago) for ago in reversed(range(30))]
    assert [trend["date"] for trend in trends] == [f"{day:%b} {day.day}" for day in days]
    assert [trend["visitors"] for trend in trends] == [0] * 29 + [1]


def test_monthly_trends_have_every_month_up_to_this(
    client: httpx.Client, owner_headers: Headers
) -> None:
    track(client, X_Session_Id="a")

    path = "/v1/visitors/trends/monthly"
    trends = client.get(path, headers=owner_headers).json()["trends"]
    year = client.get(path, params={"months": 12}, headers=owner_headers).json()["trends"]

    assert [trend["visitors"] for trend in trends] == [0] * 5 + [1]
    assert trends[-1]["month"] == f"{datetime.now(UTC):%b}"
    assert len({trend["month"] for trend in year}) == 12


@pytest.mark.parametrize(
    ("path", "refused", "taken"),
    [
        ("daily?days=", ["0", "91", "x", "", "1.5"], ["1", "90"]),
        ("monthly?months=", ["0", "13", "-1"], ["1", "12"]),
    ],
)
def test_a_trend_has_bounds(
    client: httpx.Client, owner_headers: Headers, path: str, refused: list[str], taken: list[str]
) -> None:
    for value in refused:
        answer = client.get(f"/v1/visitors/trends/{path}{value}", headers=owner_headers)
        assert (answer.status_code, len(answer.json()["details"])) == (400, 1)
    for value in taken:
        answer = client.get(f"/v1/visitors/trends/{path}{value}", headers=owner_headers)
        assert len(answer.json()["trends"]) == int(value)


@pytest.mark.parametrize("path", ["daily", "monthly"])
def test_trends_are_the_owner_s(client: httpx.Client, user_headers: Headers, path: str) -> None:
    assert client.get(f"/v1/visitors/trends/{path}").status_code == 401
    assert client.get(f"/v1/visitors/trends/{path}", headers=user_headers).status_code == 403
