"""Shared stacks of this folder's tests, and copies for tests to change."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand

from infra.settings import load_stage_settings
from tests.real.engine.built_engine import find_engine
from tests.real.engine.stage_stack import StageStack, deploy_fork, fork_stage, run_stage
from tests.real.engine.stand_in.account import Account

type NewStack = Callable[[str], StageStack]


@pytest.fixture(scope="session")
def engine() -> PulumiCommand:
    return find_engine()


@pytest.fixture(scope="session")
def empty_stack(
    engine: PulumiCommand, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewStack]:
    """A stack without a deployment; other stacks are copies of it."""
    folder = tmp_path_factory.mktemp("empty")
    with ExitStack() as stacks:

        @cache
        def start(name: str) -> StageStack:
            account = Account(load_stage_settings(name).allowed_accounts[0])
            return stacks.enter_context(run_stage(engine, folder / name, name, account))

        yield start


@pytest.fixture
def new_stack(empty_stack: NewStack, tmp_path: Path) -> Iterator[NewStack]:
    """A function to create a stack without a deployment: `new_stack("dev")`."""
    with ExitStack() as stacks:
        yield lambda name: stacks.enter_context(fork_stage(empty_stack(name), tmp_path / name))


@pytest.fixture(scope="session")
def deployed_dev(
    empty_stack: NewStack, tmp_path_factory: pytest.TempPathFactory
) -> Generator[StageStack]:
    """The deployed stage dev; tests with changes use `dev`."""
    folder = tmp_path_factory.mktemp("deployed")
    with deploy_fork(empty_stack("dev"), folder / "dev") as stack:
        yield stack


@pytest.fixture(scope="session")
def deployed_preview(
    empty_stack: NewStack, tmp_path_factory: pytest.TempPathFactory
) -> Generator[StageStack]:
    """The deployed preview of a pull request; tests with changes use `preview`."""
    folder = tmp_path_factory.mktemp("deployed")
    with deploy_fork(empty_stack("pr-12"), folder / "pr-12") as stack:
        yield stack


@pytest.fixture
def dev(deployed_dev: StageStack, tmp_path: Path) -> Generator[StageStack]:
    """A copy of the deployed stage dev, in another folder."""
    with fork_stage(deployed_dev, tmp_path / "copy") as stack:
        yield stack


@pytest.fixture
def preview(deployed_preview: StageStack, tmp_path: Path) -> Generator[StageStack]:
    """A copy of the deployed preview."""
    with fork_stage(deployed_preview, tmp_path / "preview") as stack:
        yield stack
