"""Data that `portfolio up --keep` keeps: content, users and the owner's password."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from infra.errors import LocalStageError
from infra.paths import PROJECT
from portfolio.local.emulator import Emulator, free_port, run_emulator
from portfolio.local.start_options import KeptData
from tests.local.up_process import portfolio_up

if TYPE_CHECKING:
    from portfolio.local.clients import EmulatorClients

TABLE = {
    "name": "kept",
    "billingMode": "PAY_PER_REQUEST",
    "hashKey": "PK",
    "rangeKey": "SK",
    "attributes": [{"name": name, "type": "S"} for name in ("PK", "SK", "day")],
}
POOL = {
    "name": "kept",
    "passwordPolicy": {"minimumLength": 8},
    "schemas": [{"name": "role", "attributeDataType": "String", "mutable": True}],
}
PASSWORD = "Kept-password-1"


def index(name: str, key: str, projection: str = "ALL") -> dict[str, Any]:
    keys = [{"attributeName": key, "keyType": "HASH"}]
    return {"name": name, "keySchemas": keys, "projectionType": projection}


def deploy(clients: "EmulatorClients", *indexes: dict[str, Any], **changes: Any) -> str:
    """Make the table, the pool and a group of owners; return the pool's id."""
    from portfolio.local.resources import cognito, dynamodb  # noqa: PLC0415 - imports boto3
    from portfolio.local.resources.base import Inputs  # noqa: PLC0415 - as above

    dynamodb.make_table(clients, Inputs(TABLE | {"globalSecondaryIndexes": indexes} | changes))
    pool = cognito.make_user_pool(clients, Inputs(POOL)).id
    cognito.make_user_group(clients, Inputs({"userPoolId": pool, "name": "owner"}))
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    app = {"name": "kept", "userPoolId": pool, "explicitAuthFlows": flows}
    client = cognito.make_user_pool_client(clients, Inputs(app)).id
    return f"{pool} {client}"


@contextmanager
def keeping(folder: Path) -> Generator[tuple["EmulatorClients", Emulator]]:
    from portfolio.local.clients import connect  # noqa: PLC0415 - boto3 is slow to import

    with run_emulator(kept=folder) as emulator:
        yield connect(emulator.endpoint, "us-east-1"), emulator


def test_data_outlives_a_killed_emulator_and_changes_of_the_program(tmp_path: Path) -> None:
    by_day, by_key = index("by-day", "day"), index("by-key", "SK")
    with keeping(tmp_path) as (clients, emulator):
        identity = deploy(clients, by_day, by_key)
        pool, client = identity.split()
        clients.cognito.admin_create_user(UserPoolId=pool, Username="ann@example.com")
        clients.cognito.admin_set_user_password(
            UserPoolId=pool, Username="ann@example.com", Password=PASSWORD, Permanent=True
        )
        item = {"PK": {"S": "a"}, "SK": {"S": "b"}, "day": {"S": "2026-01-02"}}
        clients.dynamodb.put_item(TableName="kept", Item=item)
        written = time.time()
        while KeptData(tmp_path).saved_at() < written:
            assert time.time() < written + 10
            time.sleep(0.05)
        emulator.process.kill()
        emulator.process.wait()

    with keeping(tmp_path) as (clients, _):
        changed = index("by-key", "SK", "KEYS_ONLY")
        assert deploy(clients, changed, index("new", "day")) == identity
        table = clients.dynamodb.describe_table(TableName="kept")["Table"]
        names = {each.get("IndexName") for each in table.get("GlobalSecondaryIndexes", [])}
        assert names == {"by-key", "new"}
        found = clients.dynamodb.query(
            TableName="kept",
            IndexName="new",
            KeyConditionExpression="#d = :d",
            ExpressionAttributeNames={"#d": "day"},
            ExpressionAttributeValues={":d": item["day"]},
        )
        assert found["Items"] == [item]
        clients.cognito.initiate_auth(
            ClientId=client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ann@example.com", "PASSWORD": PASSWORD},
        )
        with pytest.raises(LocalStageError, match=r"other keys.*start without --keep"):
            deploy(clients, hashKey="day")


def test_an_unreadable_file_is_named_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "dynamodb.json"
    file.write_text("{")
    with pytest.raises(LocalStageError, match=f"{file} cannot be read"), keeping(tmp_path):
        pytest.fail("it started")
    assert file.read_text() == "{"


@pytest.mark.real
def test_content_owner_and_password_stay_between_starts(checkout: Path, tmp_path: Path) -> None:
    port = free_port()
    with portfolio_up(tmp_path, root=checkout, port=port, options=["--keep", "--empty"]) as run:
        owner = run.wait_for("Owner: (.*)\n")[1]
        run.wait_for(rf"Data: kept in .kept/{port}; delete it to begin anew\n")
        run.wait_for("Ctrl-C to stop")
        assert _titles(run.url) == []
        token = _write_post(run.url, owner, "Kept")
        assert run.stop() == 130
    with portfolio_up(tmp_path, root=checkout, port=port, options=["--keep"]) as run:
        run.wait_for("Ctrl-C to stop")
        assert f"Owner: {owner}\n" in run.printed
        assert _titles(run.url) == ["Kept"]
        assert httpx.get(f"{run.url}/auth/me", headers=token, timeout=35).status_code == 200
        _write_post(run.url, owner, "Another")
        assert run.stop() == 130
    assert (checkout / ".kept").stat().st_mode & 0o077 == 0
    with portfolio_up(tmp_path, root=checkout, port=port) as run:
        run.wait_for("Ctrl-C to stop")
        assert owner not in run.printed
        assert "Kept" not in _titles(run.url)


@pytest.mark.real
def test_content_owner_and_settings_stay_after_a_deployment_in_place(
    checkout: Path, tmp_path: Path
) -> None:
    port, settings = free_port(), checkout / "Pulumi.local.yaml"
    with portfolio_up(tmp_path, root=checkout, port=port, options=["--keep", "--empty"]) as run:
        owner = run.wait_for("Owner: (.*)\n")[1]
        run.wait_for("Ctrl-C to stop")
        token = _write_post(run.url, owner, "Before")
        with settings.open("a") as file:
            file.write(f"  {PROJECT}:gatewayAuthorizer: true\n")
        run.wait_for("deployed in place after")
        assert httpx.get(f"{run.url}/auth/me", headers=token, timeout=35).status_code == 200
        _write_post(run.url, owner, "After")
        assert run.stop() == 130
    with portfolio_up(tmp_path, root=checkout, port=port, options=["--keep"]) as run:
        run.wait_for("Ctrl-C to stop")
        assert f"Owner: {owner}\n" in run.printed
        assert sorted(_titles(run.url)) == ["After", "Before"]
        assert httpx.get(f"{run.url}/auth/me", headers=token, timeout=35).status_code == 200
        # The gateway's own answer.
        refused = httpx.get(f"{run.url}/auth/me", timeout=35)
        assert refused.json() == {"message": "Unauthorized"}
        assert run.stop() == 130


def _titles(url: str) -> list[str]:
    items = httpx.get(f"{url}/blogs", timeout=35).json()["items"]
    return [item["title"] for item in items]


def _write_post(url: str, owner: str, title: str) -> dict[str, str]:
    """Publish a post; return headers with the owner's token."""
    email, password = owner.split(", password ")
    with httpx.Client(base_url=url, timeout=35) as client:
        tokens = client.post("/auth/login", json={"email": email, "password": password}).json()
        client.headers["Authorization"] = f"Bearer {tokens['id_token']}"
        post = client.post("/blogs", json={"title": title, "content": "Text"}).json()
        assert client.post(f"/blogs/{post['id']}/publish").is_success
    return {"Authorization": f"Bearer {tokens['id_token']}"}
