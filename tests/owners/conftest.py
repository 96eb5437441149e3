"""A running local stage, and the commands typed on it."""

from collections.abc import Iterator

import pytest

from tests.local.running import Run, portfolio_up
from tests.owners.owner_commands import OwnerCommands

PASSWORD = "Start-Value-77"


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with portfolio_up(tmp_path_factory.mktemp("up"), OWNER_PASSWORD=PASSWORD) as run:
        run.wait_for("Ctrl-C stops")
        yield run
        run.stop()


@pytest.fixture(scope="session")
def commands(up: Run) -> OwnerCommands:
    return OwnerCommands(up.url)
