"""Destroying a stage: dev leaves nothing, production refuses."""

import pytest
from pulumi.automation.errors import CommandError

from tests.engine.conftest import NewStack
from tests.engine.resources import TABLE, USER_POOL
from tests.engine.stage_stack import StageStack


def test_development_leaves_nothing(dev: StageStack) -> None:
    with dev.account.failing("delete", *TABLE), pytest.raises(CommandError, match="AccessDenied"):
        dev.destroy()
    assert TABLE in dev.state.resources
    dev.destroy()
    assert dev.account.resources == []
    assert dev.state.resources == {}


def test_production_refuses_and_keeps_everything(new_stack: NewStack) -> None:
    stack = new_stack("prod")
    stack.up()
    before = list(stack.account.resources)
    with pytest.raises(
        CommandError, match=r"table:Table::table\" cannot be deleted\s+because it is protected"
    ):
        stack.destroy()
    assert stack.account.resources == before

    stack.run("state", "unprotect", "--all", "--yes")
    with pytest.raises(CommandError, match="is protected against deletion at AWS"):
        stack.destroy()
    kept = {(each.token, each.name) for each in stack.account.resources}
    assert {TABLE, USER_POOL} <= kept
