"""`portfolio owner`: whoever is made can write, whoever is removed cannot sign in."""

from collections.abc import Callable

import pytest
from jose import jwt

from infra.components.names import TOKEN_MINUTES
from tests.owners.owner_commands import OwnerCommands, told_password

GOOD = "Other-Value-88"


def test_an_owner_with_a_made_up_password_can_write(commands: OwnerCommands) -> None:
    printed = commands.owner("create", "ann@example.com", "--generate")
    assert printed.startswith("ann@example.com is an owner of local.\n")
    assert commands.post_as("ann@example.com", told_password(printed)) == 201


def test_a_password_is_asked_for_twice_and_never_shown(commands: OwnerCommands) -> None:
    terminal = commands.on_a_terminal("owner", "create", "bob@example.com")
    for word in (GOOD, "another", GOOD, GOOD):
        terminal.expect("Password of bob@example.com|confirmation")
        terminal.expect(": ")
        terminal.sendline(word)
    terminal.expect("bob@example.com is an owner of local")
    shown = f"{terminal.before}{terminal.read()}"
    assert GOOD not in shown
    assert commands.post_as("bob@example.com", GOOD) == 201


def test_a_password_is_read_from_standard_input(commands: OwnerCommands) -> None:
    commands.owner("create", "cid@example.com", "--password-stdin", typed=f"{GOOD}\n")
    assert commands.sign_in("cid@example.com", GOOD).status_code == 200


def test_without_a_terminal_and_a_password_nobody_is_made(commands: OwnerCommands) -> None:
    told = commands.owner("create", "dan@example.com", code=1)
    assert told == (
        "error: Cannot ask for a password, because standard input is not a terminal: "
        "use --password-stdin.\n"
    )
    told = commands.owner("create", "dan@example.com", "--password-stdin", code=1)
    assert told == ("error: Standard input is empty: write the password there, on one line.\n")
    assert "dan@example.com" not in commands.owner("list")


@pytest.mark.parametrize("password", ["short-1A", "no-digits-in-Here", "NO-LOWER-CASE-1"])
def test_a_password_against_the_policy_makes_nobody(commands: OwnerCommands, password: str) -> None:
    told = commands.owner("create", "eve@example.com", "--password-stdin", typed=password, code=1)
    assert told.startswith("error: The password is refused: ")
    assert "eve@example.com" not in commands.owner("list")


@pytest.mark.parametrize("email", ["", "nobody"])
def test_what_is_no_address_is_refused(commands: OwnerCommands, email: str) -> None:
    assert "must be an e-mail address." in commands.owner("create", email, "--generate", code=2)


def test_a_password_is_either_made_up_or_read(commands: OwnerCommands) -> None:
    options = ("--generate", "--password-stdin")
    told = commands.owner("create", "eve@example.com", *options, typed=GOOD, code=2)
    assert told == "error: Use either --generate or --password-stdin, not both.\n"


def test_the_site_calls_an_owner_by_the_name_they_were_given(commands: OwnerCommands) -> None:
    commands.owner("create", "abe@example.com", "--name", "Abe", "--password-stdin", typed=GOOD)
    assert commands.user_of("abe@example.com", GOOD)["name"] == "Abe"


def test_an_owner_is_made_once_in_whatever_case(commands: OwnerCommands) -> None:
    told = commands.owner("create", commands.first.upper(), code=1)
    assert f"{commands.first} is an owner of local already. To set another password: " in told
    assert commands.sign_in(commands.first, commands.password).status_code == 200


def test_an_owner_gets_the_group_and_the_role(commands: OwnerCommands) -> None:
    commands.owner("create", "Pia@Example.com", "--password-stdin", typed=GOOD)
    user = commands.user_of("pia@example.com", GOOD)
    assert (user["email"], user["role"]) == ("pia@example.com", "owner")
    claims = commands.claims_of("pia@example.com", GOOD)
    assert (claims["custom:role"], claims["cognito:groups"]) == ("owner", ["owner"])


@pytest.mark.parametrize(
    ("in_group", "role", "told"),
    [
        (True, "public", "lacks custom:role: repeat owner create."),
        (
            False,
            "owner",
            "has custom:role without the group: owner create completes, owner remove deletes.",
        ),
    ],
)
def test_a_group_without_the_role_and_a_role_without_the_group_are_told_and_completed(
    commands: OwnerCommands, role: str, told: str, *, in_group: bool
) -> None:
    email = f"rob-{role}@example.com"
    commands.owner("create", email, "--password-stdin", typed=GOOD)
    commands.cognito.admin_update_user_attributes(
        UserPoolId=commands.pool,
        Username=email,
        UserAttributes=[{"Name": "custom:role", "Value": role}],
    )
    if not in_group:
        commands.cognito.admin_remove_user_from_group(
            UserPoolId=commands.pool, Username=email, GroupName="owner"
        )
    assert commands.line_of(email).endswith(told)
    assert "is an owner of local now." in commands.owner("create", email)
    assert "custom:role" not in commands.line_of(email)
    claims = commands.claims_of(email, GOOD)
    assert (claims["custom:role"], claims["cognito:groups"]) == ("owner", ["owner"])
    assert commands.owner("remove", email, "--yes") == (
        f"{email} is deleted from local; an ID token works for 60 more minutes at most.\n"
    )


def test_an_owner_half_made_is_made_whole(commands: OwnerCommands) -> None:
    commands.cognito.admin_create_user(
        UserPoolId=commands.pool,
        Username="fay@example.com",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": "fay@example.com"}],
    )
    assert "has no password yet: repeat owner create" in commands.owner("list")
    printed = commands.owner("create", "fay@example.com", "--name", "Fay", "--generate")
    assert "fay@example.com is an owner of local (an interrupted creation is finished)." in printed
    assert commands.post_as("fay@example.com", told_password(printed)) == 201
    fay = commands.cognito.admin_get_user(UserPoolId=commands.pool, Username="fay@example.com")
    attributes = {each["Name"]: each.get("Value") for each in fay.get("UserAttributes", [])}
    assert (attributes["name"], attributes["email_verified"]) == ("Fay", "true")


def test_somebody_who_can_sign_in_keeps_their_password(commands: OwnerCommands) -> None:
    commands.owner("create", "gus@example.com", "--password-stdin", typed=GOOD)
    commands.cognito.admin_remove_user_from_group(
        UserPoolId=commands.pool, Username="gus@example.com", GroupName="owner"
    )
    assert commands.post_as("gus@example.com", GOOD) == 403
    told = commands.owner("create", "gus@example.com", "--generate", code=1)
    assert "gus@example.com already has a password and a name on local, and keeps them" in told
    told = commands.owner("create", "gus@example.com")
    assert "could already sign in, and is an owner of local now." in told
    assert commands.post_as("gus@example.com", GOOD) == 201


def test_whoever_is_known_is_called_as_the_pool_has_them(commands: OwnerCommands) -> None:
    """A pool of SAM's may tell addresses apart by their case."""
    commands.cognito.admin_create_user(UserPoolId=commands.pool, Username="Lea@example.com")
    commands.owner("create", "lea@example.com", "--password-stdin", typed=GOOD)
    printed = commands.owner("password", "lea@example.com", "--generate")
    assert printed.startswith("Lea@example.com has a new password on local")
    assert commands.sign_in("Lea@example.com", told_password(printed)).status_code == 200
    printed = commands.owner("remove", "LEA@example.com", "--yes")
    assert printed.startswith("Lea@example.com is deleted from local;")


def test_another_password_ends_the_old_one(commands: OwnerCommands) -> None:
    commands.owner("create", "hal@example.com", "--password-stdin", typed=GOOD)
    session = commands.start_session("hal@example.com", GOOD)
    printed = commands.owner("password", "hal@example.com", "--generate")
    assert "Their sessions are over; an ID token works for 60 more minutes at most." in printed
    with pytest.raises(commands.cognito.exceptions.NotAuthorizedException):
        commands.go_on(session)
    assert commands.sign_in("hal@example.com", GOOD).status_code == 401
    assert commands.sign_in("hal@example.com", told_password(printed)).status_code == 200


def test_whoever_is_disabled_is_told_and_not_made_an_owner(commands: OwnerCommands) -> None:
    commands.owner("create", "mia@example.com", "--password-stdin", typed=GOOD)
    user = {"UserPoolId": commands.pool, "Username": "mia@example.com"}
    commands.cognito.admin_disable_user(**user)
    assert ", DISABLED " in commands.rows()["mia@example.com"]
    told = commands.owner("create", "mia@example.com", code=1)
    assert told.startswith("error: mia@example.com is disabled on local: enable them first")
    assert commands.sign_in("mia@example.com", GOOD).status_code == 401


def test_more_users_than_a_page_holds_are_all_told(commands: OwnerCommands) -> None:
    made = [f"many{number}@example.com" for number in range(61)]
    for email in made:
        commands.cognito.admin_create_user(UserPoolId=commands.pool, Username=email)
    try:
        assert commands.users().keys() > set(made)
    finally:
        for email in made:
            commands.cognito.admin_delete_user(UserPoolId=commands.pool, Username=email)


def test_the_list_tells_who_may_write(commands: OwnerCommands) -> None:
    commands.owner("create", "ida@example.com", "--password-stdin", typed=GOOD)
    commands.cognito.admin_remove_user_from_group(
        UserPoolId=commands.pool, Username="ida@example.com", GroupName="owner"
    )
    lines = commands.rows()
    assert " owner, CONFIRMED " in lines[commands.first]
    assert " may not write, " in lines["ida@example.com"]


def test_whoever_is_removed_cannot_sign_in(commands: OwnerCommands) -> None:
    commands.owner("create", "jan@example.com", "--password-stdin", typed=GOOD)
    terminal = commands.on_a_terminal("owner", "remove", "jan@example.com")
    terminal.expect("Delete jan@example.com from local?")
    terminal.sendline("n")
    terminal.expect("Nothing was deleted.")
    told = commands.owner("remove", "jan@example.com", code=1)
    assert told == (
        "error: Cannot ask for confirmation, because standard input is not a terminal: "
        "pass --yes.\n"
    )
    assert commands.sign_in("jan@example.com", GOOD).status_code == 200
    assert "is deleted from local" in commands.owner("remove", "jan@example.com", "--yes")
    assert commands.sign_in("jan@example.com", GOOD).status_code == 401


def remove(commands: OwnerCommands, email: str) -> None:
    commands.owner("remove", email, "--yes")


def disable(commands: OwnerCommands, email: str) -> None:
    commands.cognito.admin_disable_user(UserPoolId=commands.pool, Username=email)


def demote(commands: OwnerCommands, email: str) -> None:
    commands.cognito.admin_remove_user_from_group(
        UserPoolId=commands.pool, Username=email, GroupName="owner"
    )


@pytest.mark.parametrize(("end", "refreshed"), [(remove, 401), (disable, 401), (demote, 403)])
def test_a_former_owner_gets_no_new_token_to_write_with(
    commands: OwnerCommands, end: Callable[[OwnerCommands, str], None], refreshed: int
) -> None:
    commands.owner("create", "kim@example.com", "--password-stdin", typed=GOOD)
    session = commands.sign_in("kim@example.com", GOOD).json()
    end(commands, "kim@example.com")
    # The function asks nobody about a token: the old one is good until it expires.
    claims = jwt.get_unverified_claims(session["id_token"])
    assert claims["exp"] - claims["iat"] == 60 * TOKEN_MINUTES
    assert commands.post_with(session["id_token"]) == 201
    assert commands.post_after_refresh(session["refresh_token"]) == refreshed
    if end is not remove:
        remove(commands, "kim@example.com")


@pytest.mark.parametrize("command", ["password", "remove"])
def test_nobody_of_that_address(commands: OwnerCommands, command: str) -> None:
    told = commands.owner(command, "nobody@example.com", code=1)
    assert told == (
        "error: local has no user nobody@example.com: see portfolio owner list --stack local\n"
    )


def test_the_last_owner_stays_unless_it_is_said(alone: OwnerCommands) -> None:
    # Neither of these two can write.
    alone.owner("create", "ned@example.com", "--password-stdin", typed=GOOD)
    alone.cognito.admin_disable_user(UserPoolId=alone.pool, Username="ned@example.com")
    alone.cognito.admin_create_user(UserPoolId=alone.pool, Username="ona@example.com")
    alone.cognito.admin_add_user_to_group(
        UserPoolId=alone.pool, Username="ona@example.com", GroupName="owner"
    )
    told = alone.owner("remove", alone.first, "--yes", code=1)
    assert (
        f"{alone.first} is the only owner of local who can sign in: create another owner first"
        in told
    )
    others = alone.users().keys() - {alone.first}
    assert len(others) == 3
    for email in others:
        alone.owner("remove", email, "--yes")
    alone.owner("remove", alone.first, "--yes", "--last")
    assert "local has no users. Create one: portfolio owner create EMAIL" in alone.owner("list")
