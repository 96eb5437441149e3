"""The table holds visitors' sessions under the stage's key only."""

from typing import TYPE_CHECKING

import httpx
from pydantic import SecretStr

from src.app import create_app
from tests.backend.app_client import connect
from tests.backend.content_checks import read_table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from src.config import Settings


def is_counted(client: httpx.Client, headers: dict[str, str]) -> bool:
    answer = client.post("/visitors/track", headers=headers)
    assert answer.status_code == 200, answer.text
    tracked: bool = answer.json()["tracked"]
    return tracked


def test_sessions_are_stored_under_the_stage_s_key_only(
    client: httpx.Client, settings: "Settings", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    session = {"X-Session-Id": "recognisable"}
    assert is_counted(client, session)
    assert is_counted(client, {"User-Agent": "recognisable"})
    other_key = settings.model_copy(update={"session_key": SecretStr("x" * 32)})
    with connect(create_app(other_key)) as other:
        assert is_counted(other, session)

    stored = read_table(dynamodb, table_name)
    keys = [partition for partition, _ in stored if partition.startswith("session#")]
    assert [len(bytes.fromhex(key.removeprefix("session#"))) for key in keys] == [32, 32, 32]
    assert "recognisable" not in str(stored)
