"""What holds data is never replaced: a preview that would do so stops with the reason."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pulumi
import pytest
from pulumi.automation.errors import CommandError

from infra.components.identity import Identity, IdentityArgs
from infra.components.table import Table, TableArgs
from tests.real.engine import resources as stage
from tests.real.engine.conftest import NewStack
from tests.real.engine.stage_stack import StageStack

type Change = Callable[[pytest.MonkeyPatch], dict[str, Any]]
"""Changes the program, and returns the settings that are changed with it."""

HOLD_DATA: Final = (stage.TABLE, stage.USER_POOL)


def other_range_key(patch: pytest.MonkeyPatch) -> dict[str, Any]:
    patch.setattr("infra.components.table._RANGE_KEY", "sort")
    return {}


def other_sign_in(patch: pytest.MonkeyPatch) -> dict[str, Any]:
    patch.setattr("infra.components.identity._SIGN_IN", ["phone_number"])
    return {}


def other_environment(_: pytest.MonkeyPatch) -> dict[str, Any]:
    return {"environment": "another"}


def renamed_table(patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let another table take the place of the one that is there, which so leaves the program."""

    def make(name: str, args: TableArgs, opts: pulumi.ResourceOptions) -> Table:
        return Table(f"{name}-2", replace(args, name="other"), opts)

    patch.setattr("infra.program.Table", make)
    return {}


def renamed_pool(patch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Likewise with the pool."""

    def make(name: str, args: IdentityArgs, opts: pulumi.ResourceOptions) -> Identity:
        return Identity(f"{name}-2", args, opts)

    patch.setattr("infra.program.Identity", make)
    return {}


FIXED: Final[dict[Change, str]] = {
    other_range_key: "its rangeKey cannot change from SK to sort",
    other_sign_in: "its usernameAttributes cannot change from ['email'] to ['phone_number']",
    other_environment: (
        "development-portfolio-api-table (table) would be replaced, and its data lost: its name "
        "cannot change from development-portfolio-api-table to another-portfolio-api-table"
    ),
}
DELETED: Final[dict[Change, str]] = {
    renamed_table: "failed: development-portfolio-api-table must not be deleted or replaced",
    renamed_pool: "failed: development-portfolio-api must not be deleted or replaced",
}


def data_of(stack: StageStack) -> dict[str, str]:
    return {token: stack.account.only(token).id for token, _ in HOLD_DATA}


def assert_refused(stack: StageStack, reason: str, **settings: Any) -> None:
    """Refused in a preview before anything is done, and without one before data is lost."""
    data = data_of(stack)
    stack.account.calls.clear()
    for run in (stack.preview, stack.up):
        with pytest.raises(CommandError) as raised:
            run(**settings)
        told = str(raised.value)
        # Without a preview, the engine may come to what else is protected first.
        assert reason in told or (run == stack.up and "unable to replace resource" in told)
        assert "was not registered" not in told
        assert run == stack.up or stack.account.calls == []
    there = [each.id for token in data for each in stack.account.of_type(token)]
    assert set(data.values()) <= set(there)


@pytest.mark.parametrize("protect", [False, True], ids=["development", "protected"])
@pytest.mark.parametrize("change", FIXED)
def test_what_would_replace_data_is_refused_with_the_property(
    dev: StageStack, monkeypatch: pytest.MonkeyPatch, change: Change, *, protect: bool
) -> None:
    if protect:
        dev.up(protect=True)
    assert_refused(dev, FIXED[change], protect=protect, **change(monkeypatch))


@pytest.mark.parametrize("change", DELETED)
def test_what_leaves_a_protected_program_is_refused_by_its_name(
    dev: StageStack, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    dev.up(protect=True)
    assert_refused(dev, DELETED[change], protect=True, **change(monkeypatch))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (other_environment, FIXED[other_environment]),
        (renamed_table, DELETED[renamed_table]),
        (renamed_pool, "(user pool) would be replaced, and its users lost"),
    ],
)
def test_a_stage_that_is_unprotected_in_the_same_change_is_refused_too(
    dev: StageStack, monkeypatch: pytest.MonkeyPatch, change: Change, reason: str
) -> None:
    dev.up(protect=True)
    assert_refused(dev, reason, **change(monkeypatch))


def test_developments_pool_does_not_leave_the_program(
    dev: StageStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = dev.account.only(stage.USER_POOL.token).id
    assert_refused(dev, f"{pool} (user pool) would be replaced", **renamed_pool(monkeypatch))


def test_development_does_not_leave_its_pool_for_one_that_it_adopts(dev: StageStack) -> None:
    pool = dev.account.only(stage.USER_POOL.token)
    other = dev.account.create(*stage.USER_POOL, dict(pool.inputs)).id
    dev.account.calls.clear()
    with pytest.raises(CommandError) as raised:
        dev.preview(adoptUserPool=other)
    assert f"{pool.id} (user pool) would be replaced, and its users lost" in str(raised.value)
    assert dev.account.calls == []


@pytest.fixture
def preview(new_stack: NewStack) -> StageStack:
    stack = new_stack("pr-12")
    stack.up()
    return stack


@pytest.mark.parametrize(
    ("change", "replaced"), [(other_range_key, stage.TABLE), (other_sign_in, stage.USER_POOL)]
)
def test_the_data_of_a_pull_requests_preview_may_be_replaced(
    preview: StageStack, monkeypatch: pytest.MonkeyPatch, change: Change, replaced: Any
) -> None:
    changes = preview.up(**change(monkeypatch))
    assert changes.operations[replaced] == "replace"
