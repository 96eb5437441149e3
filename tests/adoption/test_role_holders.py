"""`portfolio adopt --check`: owners by the old attribute, in a pool laid out as the old one."""

import json
from typing import TYPE_CHECKING

import pytest

from infra.paths import PROJECT
from infra.settings import parse_settings
from infra.settings.files import stage_config
from portfolio.adoption.role_holders import find_role_holders
from tests.adoption.conftest import Adopt
from tests.adoption.old_pool import OldPool, make_old_pool
from tests.adoption.printed import line_of
from tests.adoption.sam_resources import TAGS, SamAccount

if TYPE_CHECKING:
    from collections.abc import Mapping

ANN, EVE = "ann@example.com", "eve@example.com"


@pytest.fixture
def old(account: SamAccount) -> OldPool:
    return make_old_pool(account)


def adopting(old: OldPool) -> "Mapping[str, object]":
    return {"adoptUserPool": old.id, "adoptUserPoolClient": old.client_id}


def find(old: OldPool) -> list[str]:
    """Return the findings about the pool's users, without the rest of the check."""
    config = stage_config("prod") | {f"{PROJECT}:adoptUserPool": old.id}
    found = find_role_holders(old.cognito, parse_settings(config, "prod"), "prod")
    return [f"{each.subject.kind} {each.subject.name} {each.text}" for each in found]


def test_owners_by_attribute_are_told_as_the_command_is_typed(adopt: Adopt, old: OldPool) -> None:
    old.make_user(ANN, role="owner")
    old.make_user(EVE)
    code, printed = adopt(settings=adopting(old))
    assert code == 0, printed
    line = line_of(printed, f"user {ANN}")
    assert line.startswith(f"! user {ANN} (CONFIRMED, verified, since ")
    assert "has custom:role = owner and is not in the group owner, so they may not write" in line
    assert line.endswith(f"portfolio owner create {ANN} --stack prod")
    assert EVE not in printed
    assert f"! user pool {old.name} lets anybody sign up (AllowAdminCreateUserOnly is " in printed
    assert_the_old_pool_is_adopted(old, printed)

    _, printed = adopt(as_json=True, settings=adopting(old))
    unproven = [each for each in json.loads(printed) if each["outcome"] == "unproven"]
    assert [each["name"] for each in unproven] == [old.name, ANN]


def assert_the_old_pool_is_adopted(old: OldPool, printed: str) -> None:
    pool = line_of(printed, f"user pool {old.name} ({old.id}")
    assert "adminCreateUserConfig" in pool
    assert 'deletionProtection "INACTIVE" → "ACTIVE"' in pool
    # The old policy is ours.
    assert "passwordPolicy" not in pool
    assert f"; the name {old.name} is kept; the case sensitivity of e-mail addresses is" in pool
    assert "; the schema (name, email, custom:role) is kept" in pool
    client = line_of(printed, "user pool client")
    assert 'writeAttributes — → ["name"]' in client
    assert "explicitAuthFlows" in client
    assert "enableTokenRevocation" not in client


def test_where_anybody_can_sign_up_and_write_it_the_attribute_proves_nothing(old: OldPool) -> None:
    old.make_user(ANN, role="owner")
    doubt, user = find(old)
    assert doubt == (
        f"user pool {old.name} lets anybody sign up (AllowAdminCreateUserOnly is false) and may "
        f"let users write custom:role (no WriteAttributes in client {old.client_id}). So "
        "custom:role proves nothing: promote only the users you know"
    )
    assert user.startswith(f"user {ANN} ")
    old.close()
    old.let_write("name", "custom:role")
    doubt, _ = find(old)
    assert "anybody" not in doubt
    assert f"lets users write custom:role (WriteAttributes of client {old.client_id})" in doubt


def test_an_address_from_a_stranger_is_quoted_in_the_command(old: OldPool) -> None:
    old.make_user("$(reboot)@example.com", role="owner")
    *_, user = find(old)
    assert user.endswith("portfolio owner create '$(reboot)@example.com' --stack prod")


def test_without_a_doubt_the_owners_are_listed_alone(old: OldPool) -> None:
    old.make_user(ANN, role="owner")
    old.close()
    old.let_write("name")
    (user,) = find(old)
    assert user.startswith(f"user {ANN} ")


def test_an_owner_by_group_needs_no_promotion(old: OldPool) -> None:
    old.make_user(ANN, role="owner")
    old.make_owner(ANN)
    assert find(old) == []


def test_a_pool_of_another_stage_is_not_shared(adopt: Adopt, account: SamAccount) -> None:
    old = make_old_pool(account, UserPoolTags=TAGS | {"environment": "development"})
    code, printed = adopt(settings=adopting(old))
    assert code == 1
    line = line_of(printed, f"user pool {old.name} (")
    assert "cannot be adopted: it belongs to the stage development, according to its tags" in line
    assert "Remove adoptUserPool" in line
