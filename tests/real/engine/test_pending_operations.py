"""A deployment killed while it creates a resource: `portfolio repair`, then `pulumi up`."""

import pytest
from pulumi.automation.errors import CommandError

from infra.paths import PROJECT
from portfolio.local.emulator import Emulator
from tests.real.engine.conftest import NewStack
from tests.real.engine.resource_keys import TABLE
from tests.real.engine.stack_commands import StackCommands
from tests.real.engine.stand_in.account import RefusedError


@pytest.mark.parametrize("is_there", [True, False])
def test_a_killed_deployment_continues_after_a_repair(
    new_stack: NewStack, emulator: Emulator, *, is_there: bool
) -> None:
    dev = new_stack("dev")

    def crash() -> None:
        dev.kill()
        if not is_there:
            raise RefusedError("never arrived in AWS")

    moment = "after" if is_there else "before"
    with (
        dev.account.interrupted("create", *TABLE, act=crash, moment=moment),
        pytest.raises(CommandError, match="code: -9"),
    ):
        dev.up()
    assert bool(dev.account.of_type(TABLE.token)) == is_there
    assert TABLE not in dev.state.resources
    dev.run("cancel", "--yes")
    told = StackCommands(dev, emulator).portfolio("repair", "--stack", "dev")
    assert "table was interrupted while being created: looking for it in AWS" in told
    assert "dev has no pending resources. Continue with pulumi up -s dev." in told
    assert dev.state.pending == []
    assert (TABLE in dev.state.resources) == is_there
    dev.up()
    assert dev.account.only(TABLE.token).id == f"development-{PROJECT}-table"
