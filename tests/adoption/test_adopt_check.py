"""`portfolio adopt --check`: what is there, what up would do to it, and the settings to copy."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.paths import PROJECT
from src import SITE
from tests.adoption.conftest import WITHOUT_PULUMI, Adopt
from tests.adoption.printed import line_of, told_settings
from tests.adoption.sam_resources import DOMAIN, LOG_GROUP, NAME, TABLE, TAGS, SamAccount
from tests.commands import run_command, start_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from portfolio.local.emulator import Emulator

LOCAL_INDEX: Any = {
    "LocalSecondaryIndexes": [
        {
            "IndexName": "by-date",
            "KeySchema": [
                {"AttributeName": "PK", "KeyType": "HASH"},
                {"AttributeName": "SK", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ]
}


def make_everything(account: SamAccount) -> None:
    """What the guide leaves of the SAM stack, once the domain leads to our API."""
    account.make_table()
    account.make_client(account.make_pool())
    account.make_log_group()
    account.make_domain(account.make_certificate())
    account.map_domain(account.make_api(**TAGS))
    account.make_zone()


def test_in_an_empty_account_everything_is_made(adopt: Adopt) -> None:
    code, printed = adopt()
    assert code == 0
    lines = printed.splitlines()
    assert len(lines) > 6
    assert {line[0] for line in lines} == {"·"}
    assert all(line.endswith(" does not exist yet, and is created") for line in lines)


def test_what_is_there_is_in_the_way_until_the_settings_that_it_tells_are_set(
    adopt: Adopt, account: SamAccount
) -> None:
    make_everything(account)
    code, printed = adopt()
    assert code == 1
    told = f"✗ table {TABLE} exists, so up would fail: set adoptTable"
    assert line_of(printed, "table ") == told
    assert line_of(printed, "user pool p").endswith("create a second one, without its users")
    assert "error: prod is not ready for pulumi up. Fix 5 of 12 resources first." in printed

    settings = told_settings(printed)
    assert settings.keys() == {
        *("adoptTable", "adoptUserPool", "adoptUserPoolClient", "adoptOwnerGroup"),
        *("adoptLogGroup", "adoptDomain", "adoptCertificate", "adoptApiMapping"),
    }
    code, printed = adopt(settings=settings)
    assert code == 0, printed
    assert {line[0] for line in printed.splitlines()} == {"✓", "·"}
    assert " adoptTable" not in printed


def test_what_would_be_changed_is_told_and_nothing_is(adopt: Adopt, account: SamAccount) -> None:
    account.make_table()
    pool = account.make_pool("portfolio-users", group=False)
    account.make_log_group()
    before = account.client("dynamodb").describe_table(TableName=TABLE)["Table"]
    settings = {"adoptTable": TABLE, "adoptUserPool": pool, "adoptLogGroup": LOG_GROUP}
    code, printed = adopt(settings=settings)
    assert code == 0
    table = line_of(printed, "table ")
    assert "is adopted and changed in place: deletionProtectionEnabled false → true" in table
    assert 'globalSecondaryIndexes — → ["by-views (PK S, views N; KEYS_ONLY)"]' in table
    assert "billingMode" not in table
    assert "retentionInDays — → 90" in line_of(printed, "log group /aws/lambda")
    users = line_of(printed, "user pool portfolio-users")
    assert 'deletionProtection "INACTIVE" → "ACTIVE"' in users
    assert "; the name portfolio-users is kept" in users
    assert account.client("dynamodb").describe_table(TableName=TABLE)["Table"] == before


def test_what_cannot_be_changed_stops_and_is_named(adopt: Adopt, account: SamAccount) -> None:
    account.make_table(keys={"id": "S", "SK": "N"})
    pool = account.make_pool(UsernameAttributes=[], AliasAttributes=["email"])
    client = account.make_client(pool, secret=True)
    account.make_domain(account.make_certificate())
    mapping = account.map_domain(account.make_api(stack="sam"))
    certificate = account.make_certificate(f"www.{SITE}", "EMAIL")
    code, printed = adopt(
        settings={
            "adoptTable": TABLE,
            "adoptUserPool": pool,
            "adoptUserPoolClient": client,
            "adoptDomain": DOMAIN,
            "adoptCertificate": certificate,
            "adoptApiMapping": mapping,
        },
    )
    assert code == 1
    assert line_of(printed, "table ").endswith(
        "cannot be adopted: its keys are id (S), SK (N), not PK (S), SK (S)"
    )
    assert line_of(printed, "user pool production").endswith(
        "its users sign in by a user name, not by email; its users have the aliases email"
    )
    assert "it has a secret, and the function does not know it" in line_of(
        printed, "user pool client"
    )
    assert f"its domain is www.{SITE}" in line_of(printed, "certificate")
    move = f"aws apigatewayv2 update-api-mapping --api-mapping-id {mapping} --domain-name {DOMAIN}"
    assert move in line_of(printed, "API mapping")
    assert "exists, so up would fail: set adoptOwnerGroup" in line_of(printed, "user pool group")


def test_a_local_index_cannot_be_taken_away(adopt: Adopt, account: SamAccount) -> None:
    account.make_table(**LOCAL_INDEX)
    code, printed = adopt()
    assert code == 1
    assert "its local index by-date is not in the program" in printed


def test_what_is_adopted_and_not_there_is_told(adopt: Adopt, account: SamAccount) -> None:
    account.make_pool()
    code, printed = adopt(settings={"adoptTable": TABLE, "adoptUserPool": "us-east-1_Missing00"})
    assert code == 1
    for what, setting in (
        (f"table {TABLE}", "adoptTable"),
        ("user pool us-east-1_Missing00", "adoptUserPool"),
    ):
        told = f"✗ {what} does not exist, so up would fail: remove {setting}"
        assert line_of(printed, what) == told


def test_a_name_that_no_setting_adopts_must_be_freed(adopt: Adopt, account: SamAccount) -> None:
    account.make_role()
    code, printed = adopt()
    assert code == 1
    told = f"✗ role {NAME} exists, so up would fail: remove or rename it first"
    assert line_of(printed, "role ") == told
    assert "below config" not in printed


def test_what_the_stage_itself_has_made_is_no_obstacle(adopt: Adopt, account: SamAccount) -> None:
    account.make_table(Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()])
    account.make_pool(UserPoolTags=TAGS)
    account.make_log_group(**TAGS)
    code, printed = adopt()
    assert code == 0, printed
    for kind in ("table ", "user pool production", "user pool group", "log group /aws/lambda"):
        assert line_of(printed, kind).endswith("belongs to the stage, according to its tags")


def test_what_carries_the_stages_tags_is_adopted_where_a_setting_says_so(
    adopt: Adopt, account: SamAccount
) -> None:
    account.make_log_group(**TAGS)
    code, printed = adopt(settings={"adoptLogGroup": LOG_GROUP})
    assert code == 0
    assert "is adopted and changed in place: retentionInDays" in printed


def test_without_a_domain_none_is_looked_for(adopt: Adopt, account: SamAccount) -> None:
    account.make_domain(account.make_certificate())
    code, printed = adopt(settings={"domainName": "", "hostedZone": ""})
    assert code == 0
    assert DOMAIN not in printed


def test_machines_get_json(adopt: Adopt, account: SamAccount) -> None:
    account.make_table()
    code, printed = adopt(as_json=True)
    assert code == 1
    findings = json.loads(printed.partition("error:")[0])
    assert findings[0] == {
        "kind": "table",
        "name": TABLE,
        "id": TABLE,
        "outcome": "taken",
        "fails": True,
        "text": "exists, so up would fail: set adoptTable",
        "setting": f"{PROJECT}:adoptTable: {TABLE}",
    }
    assert [each["outcome"] for each in findings[1:]] == ["make"] * len(findings[1:])


@pytest.mark.real
def test_as_it_is_typed_what_is_beside_the_json_goes_to_standard_error(
    credentials: "Callable[[str], None]", emulator: "Emulator"
) -> None:
    from infra.settings import load_stage_settings  # noqa: PLC0415 - pydantic, for this alone

    (allowed,) = load_stage_settings("prod").allowed_accounts
    credentials(allowed)
    finished = start_command("adopt", "--check", "--json")
    assert json.loads(finished.out)
    assert (finished.code, finished.err) == (0, WITHOUT_PULUMI)

    SamAccount(emulator.endpoint, allowed).make_table()
    finished = start_command("adopt")
    assert finished.code == 1
    assert told_settings(finished.out) == {"adoptTable": TABLE}
    assert finished.err.startswith(f"{WITHOUT_PULUMI}error: prod is not ready for pulumi up. Fix 1")
    assert finished.err.count("\n") == 2


def test_a_stack_may_be_called_by_its_whole_name(adopt: Adopt, account: SamAccount) -> None:
    account.make_table()
    _, printed = adopt(f"acme/{PROJECT}/prod")
    assert told_settings(printed) == {"adoptTable": TABLE}
    assert f"error: acme/{PROJECT}/prod is not ready for pulumi up. Fix 1 of " in printed


@pytest.mark.parametrize("stack", ["pr-12", "local", f"acme/{PROJECT}/pr-12"])
def test_a_stage_that_leaves_nothing_behind_adopts_nothing(stack: str) -> None:
    finished = run_command("adopt", "--check", "--stack", stack)
    assert finished.code == 1
    assert finished.printed == (
        f"error: {stack} cannot adopt resources, because it is temporary. "
        "Check dev or prod instead.\n"
    )


def test_another_account_is_not_looked_into(adopt: Adopt) -> None:
    code, printed = adopt(settings={"allowedAccounts": ["999999999999"]})
    assert code == 1
    assert printed.startswith("error: The AWS credentials belong to account 222222")


def test_an_aws_that_cannot_be_reached_is_told_in_a_line(adopt: Adopt, account: SamAccount) -> None:
    code, printed = adopt(
        AWS_ENDPOINT_URL="http://127.0.0.1:9",
        AWS_ENDPOINT_URL_STS=account.endpoint,
        AWS_MAX_ATTEMPTS="1",
    )
    assert code == 1
    assert printed.startswith("error: prod: AWS cannot be reached: Could not connect")
    assert len(printed.splitlines()) == 1
