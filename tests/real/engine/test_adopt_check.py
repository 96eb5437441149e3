"""`portfolio adopt --check` beside a stack: the real engine says what the stack has already."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from infra.local.emulator import Emulator
from tests.adoption.sam_resources import SamAccount
from tests.checkout import copy_checkout
from tests.real.engine import resources as stage
from tests.real.engine.conftest import NewStack
from tests.real.engine.stage_stack import StageStack

TABLE = "development-portfolio-api-table"
TAGS = {"project": "portfolio-api", "environment": "development", "managed-by": "pulumi"}


@pytest.fixture
def account(emulator: Emulator) -> SamAccount:
    account = SamAccount(emulator.endpoint, "333333333333")
    if TABLE not in account.client("dynamodb").list_tables()["TableNames"]:
        account.make_table(TABLE, Tags=[{"Key": key, "Value": TAGS[key]} for key in TAGS])
    return account


def check(
    stack: StageStack,
    account: SamAccount,
    folder: Path,
    kind: str = "table",
    *,
    name: str = "dev",
    **more: str,
) -> str:
    """What is told of something, with these settings besides the stage's own."""
    file = copy_checkout(folder) / "Pulumi.dev.yaml"
    settings = yaml.safe_load(file.read_text())
    more_settings = {"allowedAccounts": [account.account], **more}
    settings["config"] |= {f"portfolio-api:{key}": value for key, value in more_settings.items()}
    file.write_text(yaml.safe_dump(settings))
    finished = subprocess.run(
        [sys.executable, "-m", "infra.cli", "adopt", "--check", "--stack", name],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
            **stack.variables,
            "AWS_ACCESS_KEY_ID": account.account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL": account.endpoint,
            "NO_PROXY": "127.0.0.1,localhost",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not finished.stdout.startswith("!"), finished.stdout
    return next(line for line in finished.stdout.splitlines() if line[2:].startswith(f"{kind} "))


def test_what_the_stack_has_is_its_own(
    dev: StageStack, account: SamAccount, tmp_path: Path
) -> None:
    told = check(dev, account, tmp_path / "checkout")
    assert told == f"✓ table {TABLE} is the stack's already"


def test_a_stack_is_found_by_its_whole_name(
    dev: StageStack, account: SamAccount, tmp_path: Path
) -> None:
    name = "organization/portfolio-api/dev"
    told = check(dev, account, tmp_path / "checkout", name=name)
    assert told == f"✓ table {TABLE} is the stack's already"


def test_what_the_stack_has_lost_is_in_the_way_whatever_its_tags(
    new_stack: NewStack, account: SamAccount, tmp_path: Path
) -> None:
    told = check(new_stack("dev"), account, tmp_path / "checkout")
    assert told == f"✗ table {TABLE} is there, so up would fail: set adoptTable"


def test_a_pool_beside_the_stacks_own_is_told_and_cannot_take_its_place(
    dev: StageStack, account: SamAccount, tmp_path: Path
) -> None:
    own = dev.account.only(stage.USER_POOL.token).id
    other = account.make_pool("development-portfolio-api")
    told = check(dev, account, tmp_path / "checkout", "user pool")
    assert told.endswith(f"({other}, users: 0) is there beside the stack's own, {own}")
    told = check(dev, account, tmp_path / "again", "user pool", adoptUserPool=other)
    assert f"cannot be adopted, as the stack has {own}, which up would not delete" in told
    assert "pulumi destroy first" in told


def test_a_pool_with_users_beside_the_stacks_own_is_a_warning(
    dev: StageStack, emulator: Emulator, tmp_path: Path
) -> None:
    account = make_pool_with_user(emulator, "333333333334")
    told = check(dev, account, tmp_path / "checkout", "user pool")
    assert told.startswith("! ")
    assert "is there beside the stack's own" in told


def test_a_pool_with_users_is_in_the_way_of_a_stack_without_one_whatever_its_tags(
    new_stack: NewStack, emulator: Emulator, tmp_path: Path
) -> None:
    account = make_pool_with_user(emulator, "333333333335")
    told = check(new_stack("dev"), account, tmp_path / "checkout", "user pool")
    assert told.startswith("✗ ")
    assert told.endswith("up would make another beside it, without its users")


def make_pool_with_user(emulator: Emulator, account: str) -> SamAccount:
    """An account with a pool that carries the stage's tags, and somebody in it."""
    made = SamAccount(emulator.endpoint, account)
    made.make_user(made.make_pool("development-portfolio-api", UserPoolTags=TAGS))
    return made
