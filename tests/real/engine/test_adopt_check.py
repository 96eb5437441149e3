"""`portfolio adopt --check` with a stack: the real engine lists the stack's resources."""

from contextlib import suppress
from typing import Any

import pytest

from infra.errors import AdoptionError
from infra.paths import PROJECT
from infra.settings import parse_settings
from infra.settings.files import stage_config
from portfolio.adoption.check import check_adoption, find_wanted
from portfolio.local.emulator import Emulator
from portfolio.terminal import Terminal
from tests.adoption.printed import line_of
from tests.adoption.sam_resources import SamAccount
from tests.real.engine import resource_keys as stage
from tests.real.engine.conftest import NewStack
from tests.real.engine.stack_commands import command_variables
from tests.real.engine.stage_stack import StageStack

TABLE = f"development-{PROJECT}-table"
POOL = f"user pool development-{PROJECT} "
TAGS = {"project": PROJECT, "environment": "development", "managed-by": "pulumi"}


class Check:
    """The command on dev, in an account of the emulator."""

    def __init__(self, emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
        self._emulator, self._capsys = emulator, capsys

    def __call__(
        self,
        stack: StageStack,
        account: SamAccount,
        start: str = "table ",
        *,
        name: str = "dev",
        **settings: str,
    ) -> str:
        """Return a line of the output, with these settings on top of the stage's own."""
        own: dict[str, Any] = {f"{PROJECT}:{key}": value for key, value in settings.items()}
        own[f"{PROJECT}:allowedAccounts"] = f'["{account.account}"]'
        with pytest.MonkeyPatch.context() as patch:
            variables = command_variables(stack, self._emulator, account.account)
            for variable, value in variables.items():
                patch.setenv(variable, value)
            with suppress(AdoptionError):
                settled = parse_settings(stage_config("dev") | own, "dev")
                wanted = find_wanted(name, settled)
                check_adoption(name, settled, wanted, Terminal(), as_json=False)
        return line_of(self._capsys.readouterr().out, start)


@pytest.fixture
def check(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Check:
    return Check(emulator, capsys)


@pytest.fixture
def account(emulator: Emulator) -> SamAccount:
    account = SamAccount(emulator.endpoint, "333333333333")
    if TABLE not in account.client("dynamodb").list_tables()["TableNames"]:
        account.make_table(TABLE, Tags=[{"Key": key, "Value": TAGS[key]} for key in TAGS])
    return account


@pytest.mark.parametrize("name", ["dev", f"organization/{PROJECT}/dev"])
def test_what_the_stack_has_is_its_own(
    dev: StageStack, account: SamAccount, check: Check, name: str
) -> None:
    assert check(dev, account, name=name) == f"✓ table {TABLE} belongs to the stack already"


def test_what_the_stack_has_lost_is_in_the_way_whatever_its_tags(
    new_stack: NewStack, account: SamAccount, check: Check
) -> None:
    told = check(new_stack("dev"), account)
    assert told == f"✗ table {TABLE} exists, so up would fail: set adoptTable"


def test_a_pool_beside_the_stacks_own_is_told_and_cannot_take_its_place(
    dev: StageStack, account: SamAccount, check: Check
) -> None:
    own = dev.account.only(stage.USER_POOL.token).id
    other = account.make_pool(f"development-{PROJECT}")
    told = check(dev, account, POOL)
    assert told.endswith(f"({other}, users: 0) exists in addition to the stack's own, {own}")
    told = check(dev, account, POOL, adoptUserPool=other)
    assert f"cannot be adopted, because the stack has {own}, and up would not delete it" in told
    assert "run pulumi destroy first" in told


def test_a_pool_with_users_beside_the_stacks_own_is_a_warning(
    dev: StageStack, emulator: Emulator, check: Check
) -> None:
    account = make_pool_with_user(emulator, "333333333334")
    told = check(dev, account, POOL)
    assert told.startswith("! ")
    assert "exists in addition to the stack's own" in told


def test_a_pool_with_users_is_in_the_way_of_a_stack_without_one_whatever_its_tags(
    new_stack: NewStack, emulator: Emulator, check: Check
) -> None:
    account = make_pool_with_user(emulator, "333333333335")
    told = check(new_stack("dev"), account, POOL)
    assert told.startswith("✗ ")
    assert told.endswith("up would create a second one, without its users")


def make_pool_with_user(emulator: Emulator, account: str) -> SamAccount:
    """Create an account and a pool with the stage's tags and a user."""
    made = SamAccount(emulator.endpoint, account)
    made.make_user(made.make_pool(f"development-{PROJECT}", UserPoolTags=TAGS))
    return made
