"""Stacks that the tests of this folder share, and copies of them that a test may change."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand

from infra.settings import load_stage_settings
from tests.engine.command import EngineMissingError, find_engine
from tests.engine.stage_stack import StageStack, fork_stage, run_stage
from tests.engine.stand_in.account import Account

type NewStack = Callable[[str], StageStack]


@pytest.fixture(scope="session")
def engine() -> PulumiCommand:
    try:
        return find_engine()
    except EngineMissingError as error:
        pytest.skip(str(error))


@pytest.fixture
def new_stack(engine: PulumiCommand, tmp_path: Path) -> Iterator[NewStack]:
    """Start a stack of a stage that is not deployed: `new_stack("dev")`."""
    with ExitStack() as stacks:

        def start(name: str) -> StageStack:
            account = Account(load_stage_settings(name).allowed_accounts[0])
            return stacks.enter_context(run_stage(engine, tmp_path / name, name, account))

        yield start


@pytest.fixture(scope="session")
def deployed_dev(
    engine: PulumiCommand, tmp_path_factory: pytest.TempPathFactory
) -> Generator[StageStack]:
    """The stage dev, deployed; a test that changes it takes `dev`."""
    folder = tmp_path_factory.mktemp("engine") / "dev"
    account = Account(load_stage_settings("dev").allowed_accounts[0])
    with run_stage(engine, folder, "dev", account) as stack:
        stack.up()
        yield stack


@pytest.fixture
def dev(deployed_dev: StageStack, tmp_path: Path) -> Generator[StageStack]:
    """A copy of the deployed stage dev, in another folder."""
    with fork_stage(deployed_dev, tmp_path / "dev") as stack:
        yield stack
