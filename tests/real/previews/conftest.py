"""A checkout to deploy previews from, and accounts that have some."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pulumi.automation import PulumiCommand

from infra.local.emulator import ACCOUNT_ID, Emulator
from tests.checkout import copy_checkout
from tests.real.engine.command import find_engine
from tests.real.previews.preview_account import (
    PreviewAccount,
    fork_account,
    new_account,
    open_account,
)


@pytest.fixture(scope="session")
def engine() -> PulumiCommand:
    return find_engine()


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commit, whose previews go to the emulator's account and are built without containers."""
    checkout = copy_checkout(tmp_path_factory.mktemp("previews") / "checkout")
    file = checkout / "Pulumi.preview.yaml"
    settings = yaml.safe_load(file.read_text())
    settings["config"] |= {
        "portfolio-api:allowedAccounts": [ACCOUNT_ID],
        "portfolio-api:packageEngine": "host",
    }
    file.write_text(yaml.safe_dump(settings))
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        [*identity, "commit", "-q", "-m", "base"],
    ):
        subprocess.run(["git", *command], cwd=checkout, check=True)
    # Here, where packages can be had: the engine's tests are off the network.
    package = [sys.executable, "-m", "infra.cli", "package", "--stage", "preview"]
    subprocess.run(package, cwd=checkout, check=True, capture_output=True)
    return checkout


@pytest.fixture
def own_checkout(checkout: Path, tmp_path: Path) -> Path:
    """A copy that a test may change; what is built already is shared."""
    copied = tmp_path / "own-checkout"
    shutil.copytree(checkout, copied, ignore=shutil.ignore_patterns(".cache"))
    (copied / ".cache").symlink_to(checkout / ".cache")
    return copied


@pytest.fixture
def own_account(
    own_checkout: Path, engine: PulumiCommand, emulator: Emulator, tmp_path: Path
) -> Iterator[PreviewAccount]:
    """An account without previews, and a checkout for it alone."""
    with open_account(tmp_path / "own", own_checkout, new_account(), engine, emulator) as account:
        yield account


@pytest.fixture(scope="session")
def deployed(
    checkout: Path,
    engine: PulumiCommand,
    emulator: Emulator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PreviewAccount]:
    """The previews 12, 13 and 15; a test that changes them takes `previews`."""
    folder = tmp_path_factory.mktemp("deployed")
    with open_account(folder, checkout, new_account(), engine, emulator) as account:
        for number in ("12", "13", "15"):
            account.portfolio("up", number)
        yield account


@pytest.fixture
def previews(
    deployed: PreviewAccount, emulator: Emulator, tmp_path: Path
) -> Iterator[PreviewAccount]:
    with fork_account(deployed, tmp_path / "copy", emulator) as account:
        yield account


@pytest.fixture
def empty(
    checkout: Path, engine: PulumiCommand, emulator: Emulator, tmp_path: Path
) -> Iterator[PreviewAccount]:
    """An account without previews."""
    with open_account(tmp_path / "empty", checkout, new_account(), engine, emulator) as account:
        yield account
