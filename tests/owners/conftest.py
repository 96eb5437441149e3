"""`portfolio owner` and `portfolio seed`, on the shared local stage or on users of one's own."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.owners.owner_commands import OwnerCommands

if TYPE_CHECKING:
    from tests.local_stage import ServedStage


@pytest.fixture(scope="session")
def commands(local_stage: "ServedStage") -> OwnerCommands:
    """The commands on the shared stage, with its API. Keep its owner."""
    owner = local_stage.stage.owner
    return OwnerCommands(local_stage.running, owner.email, owner.password)


@pytest.fixture
def alone(local_stage: "ServedStage") -> Iterator[OwnerCommands]:
    """The commands on a user pool of the test's own, with one owner and one other user."""
    # Seconds of imports, for this fixture alone.
    from portfolio.local.emulator import free_port  # noqa: PLC0415
    from portfolio.local.running_stages import announce  # noqa: PLC0415
    from tests.backend.accounts import create_user_pool  # noqa: PLC0415

    pool = create_user_pool(local_stage.stage.code.clients.cognito)
    outputs = local_stage.running.outputs | {"user_pool_id": pool.id}
    running = replace(local_stage.running, port=free_port(), outputs=outputs)
    with announce(running):
        yield OwnerCommands(running, pool.owner.email, pool.owner.password)
