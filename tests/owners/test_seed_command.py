"""`portfolio seed`: sample content, once."""

import httpx

from infra.local.clients import connect
from tests.owners.conftest import PASSWORD
from tests.owners.owner_commands import FIRST, OwnerCommands


def test_what_is_there_stays_and_what_is_missing_is_made(commands: OwnerCommands) -> None:
    assert "local: every sample is there already, at " in seed(commands)
    token = commands.sign_in(FIRST, PASSWORD).json()["token"]
    with httpx.Client(base_url=commands.url, timeout=35, trust_env=False) as api:
        api.headers["Authorization"] = f"Bearer {token}"
        published = api.get("/blog/posts").json()["posts"]
        first, second = published
        assert api.delete(f"/blog/posts/{first['id']}").is_success
        assert api.post(f"/blog/posts/{second['id']}/unpublish").is_success
        assert "local: 2 samples are new" in seed(commands)
        titles = [post["title"] for post in api.get("/blog/posts").json()["posts"]]
    assert sorted(titles) == sorted(post["title"] for post in published)


def test_a_password_that_is_not_the_owners(commands: OwnerCommands) -> None:
    told = commands.run("seed", "--password-stdin", typed="wrong", code=1)
    assert told.startswith("error: POST /auth/login answered 401: ")


def test_somebody_who_may_not_write(commands: OwnerCommands) -> None:
    commands.owner("create", "kim@example.com", "--password-stdin", typed=PASSWORD)
    connect(commands.stage.emulator, commands.stage.region).cognito.admin_remove_user_from_group(
        UserPoolId=commands.pool, Username="kim@example.com", GroupName="owner"
    )
    arguments = ("seed", "--email", "kim@example.com", "--password-stdin")
    told = commands.run(*arguments, typed=PASSWORD, code=1)
    assert "answered 403" in told


def seed(commands: OwnerCommands) -> str:
    return commands.run("seed", "--password-stdin", typed=PASSWORD)
