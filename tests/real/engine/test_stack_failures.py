"""Deployments after a failed one: each continues the one before."""

import pytest
from pulumi.automation.errors import CommandError

from tests.real.engine.conftest import NewStack
from tests.real.engine.resource_keys import ALIAS, FUNCTION, TABLE
from tests.real.engine.small_package import make_package
from tests.real.engine.stage_stack import StageStack


def test_each_up_goes_on_where_the_one_before_failed(
    new_stack: NewStack, deployed_dev: StageStack
) -> None:
    stack = new_stack("dev")
    for key in (TABLE, FUNCTION, ALIAS):
        with (
            stack.account.failing("create", *key),
            pytest.raises(CommandError, match=f"AccessDenied: create of {key.token} {key.name}"),
        ):
            stack.up()
        assert key not in stack.state.resources
    stack.up()
    assert stack.state.resources.keys() == deployed_dev.state.resources.keys()
    assert len(stack.account.resources) == len(deployed_dev.account.resources)
    assert stack.up().operations == {}


def test_an_alias_that_could_not_follow_the_code_follows_with_the_next_up(dev: StageStack) -> None:
    dev.package = make_package(dev.folder / "other", code="handler = 'other'")
    with dev.account.failing("update", *ALIAS), pytest.raises(CommandError, match="AccessDenied"):
        dev.up()
    assert dev.account.only(FUNCTION.token).computed["version"] == "2"
    assert dev.account.only(ALIAS.token).inputs["functionVersion"] == "1"
    assert dev.up().operations == {ALIAS: "update"}
    assert dev.account.only(ALIAS.token).inputs["functionVersion"] == "2"
