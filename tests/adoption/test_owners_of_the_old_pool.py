"""`portfolio owner create` on a pool laid out as the old one: promotion by hand."""

from typing import TYPE_CHECKING, Any

import pytest

from infra.errors import OwnerError
from portfolio.owners.manage import create_owner
from portfolio.owners.passwords import PasswordSource
from portfolio.owners.pool import UserPool
from portfolio.terminal import Terminal
from tests.adoption.old_pool import PASSWORD, OldPool, make_old_pool
from tests.adoption.sam_resources import SamAccount

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator

ANN = "ann@example.com"
NO_PASSWORD = PasswordSource()


@pytest.fixture
def old(emulator: "Emulator") -> OldPool:
    # A login is not signed, so the emulator takes it for its first account.
    made = make_old_pool(SamAccount(emulator.endpoint, "test"))
    made.cognito.create_group(UserPoolId=made.id, GroupName="owner")
    return made


@pytest.fixture
def pool(old: OldPool) -> UserPool:
    return UserPool(old.cognito, old.id, "prod")


def subject_of(old: OldPool, email: str) -> str:
    return attributes_of(old, email)["sub"]


def attributes_of(old: OldPool, email: str) -> dict[str, str]:
    found: Any = old.cognito.admin_get_user(UserPoolId=old.id, Username=email)
    return {each["Name"]: each["Value"] for each in found["UserAttributes"]}


def test_whoever_is_promoted_keeps_password_subject_and_session(
    old: OldPool, pool: UserPool
) -> None:
    old.make_user(ANN, role="owner")
    subject, refresh = subject_of(old, ANN), old.log_in(ANN, PASSWORD)
    create_owner(pool, ANN, None, NO_PASSWORD, Terminal())
    found = pool.find(ANN)
    assert found
    assert found.can_write
    assert subject_of(old, ANN) == subject
    assert old.refresh(refresh)
    assert old.log_in(ANN, PASSWORD)


def test_the_stranger_with_the_address_in_another_case_is_not_promoted(
    old: OldPool, pool: UserPool
) -> None:
    """The old pool is case-sensitive, and anybody could sign up."""
    for email in (ANN, "Ann@example.com"):
        old.make_user(email, role="owner")
    create_owner(pool, ANN, None, NO_PASSWORD, Terminal())
    assert [user.email for user in pool.users() if user.is_owner] == [ANN]
    with pytest.raises(OwnerError) as refused:
        create_owner(pool, "ANN@example.com", None, NO_PASSWORD, Terminal())
    assert str(refused.value) == (
        "prod has several users ANN@example.com: choose one of Ann@example.com, ann@example.com."
    )


def test_a_new_owner_gets_the_name_that_the_pool_requires(old: OldPool, pool: UserPool) -> None:
    create_owner(pool, ANN, None, PasswordSource(generate=True), Terminal())
    assert attributes_of(old, ANN)["name"] == "ann"
    create_owner(pool, "bob@example.com", "Bob B.", PasswordSource(generate=True), Terminal())
    assert attributes_of(old, "bob@example.com")["name"] == "Bob B."
