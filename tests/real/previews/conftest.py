"""Accounts that have previews, and a checkout to deploy them from."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pulumi.automation import PulumiCommand

from portfolio.local.emulator import Emulator
from tests.real.engine.built_engine import find_engine
from tests.real.previews.preview_account import (
    PreviewAccount,
    fork_account,
    make_preview_checkout,
    new_account,
    open_account,
)

if TYPE_CHECKING:
    from infra.package import Package


class Deployed(NamedTuple):
    """An account with previews."""

    account: PreviewAccount
    summaries: dict[int, str]
    """What each deployment summed up."""


@pytest.fixture(scope="session")
def engine(real_package: "Package") -> PulumiCommand:  # noqa: ARG001 - the previews find it built
    return find_engine()


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commit, whose previews are built without containers."""
    return make_preview_checkout(tmp_path_factory.mktemp("previews") / "checkout")


@pytest.fixture
def own_checkout(checkout: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return shutil.copytree(checkout, tmp_path / "checkout", symlinks=True)


@pytest.fixture(scope="session")
def deployed(
    engine: PulumiCommand, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    """The previews 12, 13 and 15; a test that changes them takes `previews`."""
    folder = tmp_path_factory.mktemp("deployed")
    with open_account(folder, new_account(), engine, emulator) as account:
        yield Deployed(account, {number: account.up(number) for number in (12, 13, 15)})


@pytest.fixture
def previews(deployed: Deployed, emulator: Emulator, tmp_path: Path) -> Iterator[PreviewAccount]:
    """A copy of the account with the previews 12, 13 and 15."""
    with fork_account(deployed.account, tmp_path / "copy", emulator) as account:
        yield account


@pytest.fixture
def empty(engine: PulumiCommand, emulator: Emulator, tmp_path: Path) -> Iterator[PreviewAccount]:
    """An account without previews."""
    with open_account(tmp_path / "empty", new_account(), engine, emulator) as account:
        yield account
