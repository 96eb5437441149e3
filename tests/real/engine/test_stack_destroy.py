"""The end of a stage: dev leaves nothing behind, production refuses before any deletion."""

import pytest
from pulumi.automation.errors import CommandError

from tests.real.engine.conftest import NewStack
from tests.real.engine.resource_keys import TABLE, USER_POOL
from tests.real.engine.stage_stack import StageStack
from tests.real.engine.stand_in.account import RefusedError


def test_development_leaves_nothing(dev: StageStack) -> None:
    with dev.account.failing("delete", *TABLE), pytest.raises(CommandError, match="AccessDenied"):
        dev.destroy()
    assert TABLE in dev.state.resources
    dev.destroy()
    assert dev.account.resources == []
    assert dev.state.resources == {}


def test_production_is_kept_until_it_is_no_longer_protected(new_stack: NewStack) -> None:
    stack = new_stack("prod")
    stack.up()
    stack.account.calls.clear()
    reason = "the stage is protected: to allow its deletion, set protect to false and run pulumi up"
    with pytest.raises(CommandError, match=reason):
        stack.destroy()
    with pytest.raises(CommandError, match=reason):
        stack.run("destroy", "--yes", "--skip-preview")
    with pytest.raises(CommandError, match=f"{reason}. failed: nothing was deleted"):
        # The Automation API skips the preview.
        stack.destroy_with_program()
    assert stack.account.calls == []

    for token, name in (TABLE, USER_POOL):
        identifier = stack.account.only(token).id
        with pytest.raises(RefusedError, match="is protected against deletion at AWS"):
            stack.account.delete(token, name, identifier)

    stack.up(protect=False)
    stack.destroy()
    assert stack.account.resources == []
