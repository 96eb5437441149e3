"""`portfolio adopt --check`: no user pool with users in it is forgotten."""

from infra.paths import PROJECT
from tests.adoption.conftest import Adopt
from tests.adoption.printed import line_of, told_settings
from tests.adoption.sam_resources import NAME, TAGS, SamAccount


def test_of_several_pools_each_is_told_with_its_users(adopt: Adopt, account: SamAccount) -> None:
    empty, used = account.make_pool(UserPoolTags=TAGS), account.make_pool()
    account.make_user(used)
    code, printed = adopt()
    assert code == 0, printed
    assert "belongs to the stage" in line_of(printed, f"user pool {NAME} ({empty}, users: 0)")
    assert "without its users" in line_of(printed, f"user pool {NAME} ({used}, users: 1)")
    settings = told_settings(printed)
    assert settings["adoptUserPool"] == used
    code, printed = adopt(settings=settings)
    assert code == 0, printed
    assert empty not in printed


def test_a_pool_with_users_must_not_be_forgotten(adopt: Adopt, account: SamAccount) -> None:
    pool = account.make_pool()
    account.make_user(pool)
    code, printed = adopt()
    assert code == 1
    line = line_of(printed, f"user pool {NAME} ({pool}, users: 1)")
    assert line.startswith("✗ ")
    assert line.endswith("exists, and up would create a second one, without its users")
    assert "Fix 1 of " in printed.partition("error: ")[2]
    settings = told_settings(printed)
    assert settings["adoptUserPool"] == pool
    code, printed = adopt(settings=settings)
    assert code == 0, printed


def test_a_pool_without_users_may_be_left(adopt: Adopt, account: SamAccount) -> None:
    pool = account.make_pool()
    code, printed = adopt()
    assert code == 0, printed
    assert line_of(printed, f"user pool {NAME} ({pool}").startswith("! ")


def test_a_pool_without_the_role_is_told_with_the_command_that_adds_it(
    adopt: Adopt, account: SamAccount
) -> None:
    pool = account.make_pool(Schema=[{"Name": "email", "Required": True}])
    account.make_user(pool)
    code, printed = adopt(settings={"adoptUserPool": pool})
    assert code == 1
    line = line_of(printed, f"user pool {NAME} ({pool}, users: 1)")
    assert "it has no attribute custom:role" in line
    assert f"aws cognito-idp add-custom-attributes --user-pool-id {pool} --custom-" in line


def test_of_several_pools_that_could_be_adopted_one_must_be_chosen(
    adopt: Adopt, account: SamAccount
) -> None:
    pools = [account.make_pool(), account.make_pool()]
    _, printed = adopt()
    assert all(f"  {PROJECT}:adoptUserPool: {pool}\n" in printed for pool in pools)
    assert "If a setting is listed twice, keep one of its lines." in printed
