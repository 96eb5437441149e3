"""`portfolio seed`: sample content, once."""

import httpx

from portfolio.samples.create import SampleWriter
from tests.commands import run_command
from tests.owners.owner_commands import OwnerCommands


def test_what_is_there_stays_and_what_is_missing_is_made(commands: OwnerCommands) -> None:
    assert "local: every sample exists already, at " in seed(commands)
    with signed_in(commands) as api:
        published = api.get("/blogs").json()["items"]
        first, second = published
        assert api.delete(f"/blogs/{first['id']}").is_success
        assert api.post(f"/blogs/{second['id']}/unpublish").is_success
        assert "local: 2 samples were created or published" in seed(commands)
        titles = [post["title"] for post in api.get("/blogs").json()["items"]]
    assert sorted(titles) == sorted(post["title"] for post in published)


def test_a_draft_that_only_has_a_samples_title_stays_a_draft(commands: OwnerCommands) -> None:
    with signed_in(commands) as api:
        (first, *_) = api.get("/blogs").json()["items"]
        assert api.put(f"/blogs/{first['id']}", json={"content": "Mine."}).is_success
        assert api.post(f"/blogs/{first['id']}/unpublish").is_success
        assert "every sample exists already" in seed(commands)
        kept = api.get(f"/blogs/{first['id']}").json()
        assert (kept["status"], kept["content"]) == ("DRAFT", "Mine.")
        assert api.delete(f"/blogs/{first['id']}").is_success
    seed(commands)


def test_samples_are_known_among_more_items_than_a_page_holds(commands: OwnerCommands) -> None:
    seed(commands)
    with signed_in(commands) as api:
        assert api.get("/blogs?status=all").json()["total"] > 2
        writer = SampleWriter(api, page=2)
        assert writer.write() == 0


def test_a_password_that_is_not_the_owners(commands: OwnerCommands) -> None:
    finished = run_command("seed", *commands.options, "--password-stdin", typed="wrong")
    assert (finished.code, finished.out) == (1, "")
    assert finished.err.startswith("error: POST /auth/login answered 401: ")
    assert "{" not in finished.err


def test_somebody_who_may_not_write(commands: OwnerCommands) -> None:
    commands.owner("create", "kim@example.com", "--password-stdin", typed=commands.password)
    commands.cognito.admin_remove_user_from_group(
        UserPoolId=commands.pool, Username="kim@example.com", GroupName="owner"
    )
    arguments = ("seed", "--email", "kim@example.com", "--password-stdin")
    told = commands.run(*arguments, typed=commands.password, code=1)
    assert "answered 403" in told


def signed_in(commands: OwnerCommands) -> httpx.Client:
    """A client of the API, as the owner."""
    token = commands.sign_in(commands.first, commands.password).json()["id_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=commands.url, headers=headers, timeout=35, trust_env=False)


def seed(commands: OwnerCommands) -> str:
    return commands.run("seed", "--password-stdin", typed=commands.password)
