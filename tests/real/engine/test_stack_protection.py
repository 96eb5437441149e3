"""Data is never replaced: a preview of a replacement fails, and names the reason."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

import pytest
from pulumi.automation.errors import CommandError

from infra.components.replacement import GUARDED
from infra.paths import PROJECT
from tests.real.engine import resource_keys as stage
from tests.real.engine.changes import Key
from tests.real.engine.stage_stack import StageStack, deploy_fork, fork_stage

type Change = Callable[[StageStack], dict[str, Any]]
"""Makes the deployed stack differ from the program; returns the changed settings."""

HOLD_DATA: Final = (stage.TABLE, stage.USER_POOL)


def other_range_key(stack: StageStack) -> dict[str, Any]:
    stack.make_otherwise(stage.TABLE, {"rangeKey": "sort"})
    return {}


def other_sign_in(stack: StageStack) -> dict[str, Any]:
    stack.make_otherwise(stage.USER_POOL, {"usernameAttributes": ["phone_number"]})
    return {}


def other_environment(_: StageStack) -> dict[str, Any]:
    return {"environment": "another"}


def other_region(_: StageStack) -> dict[str, Any]:
    return {"region": "eu-west-1"}


def restored_table(stack: StageStack) -> dict[str, Any]:
    """Remove a property with a replacement that the program never had."""
    stack.make_otherwise(stage.TABLE, {"restoreDateTime": "2026-01-01T00:00:00Z"})
    return {}


def renamed_table(stack: StageStack) -> dict[str, Any]:
    """Rename the deployed table: the program creates another one and no longer has this one."""
    stack.make_otherwise(stage.TABLE, {"name": "earlier"}, logical_name="earlier")
    return {}


def renamed_pool(stack: StageStack) -> dict[str, Any]:
    """Rename the deployed pool in the same way."""
    stack.make_otherwise(stage.USER_POOL, {}, logical_name="earlier")
    return {}


FIXED: Final[dict[Change, str]] = {
    other_range_key: "its rangeKey cannot change from sort to SK",
    other_sign_in: "its usernameAttributes cannot change from ['phone_number'] to ['email']",
    other_environment: (
        f"environment cannot change from development to another: development-{PROJECT}-table "
        "and all other data would be lost. Undo that change, or deploy another stage"
    ),
}
REGION: Final = (
    f"region cannot change from us-east-1 to eu-west-1: development-{PROJECT}-table and all "
    "other data would be lost. Undo that change, or deploy another stage"
)
NEVER_LISTED: Final[dict[Change, str]] = {
    other_region: REGION,
    restored_table: (
        "(table) would be replaced, and its data lost: pulumi preview --diff shows why. Undo"
    ),
}
DELETED: Final[dict[Change, str]] = {
    renamed_table: "failed: earlier must not be deleted or replaced",
    renamed_pool: f"development-{PROJECT} (user pool) would be replaced, and its users lost",
}


@pytest.fixture(scope="module")
def deployed_protected(
    deployed_dev: StageStack, tmp_path_factory: pytest.TempPathFactory
) -> Generator[StageStack]:
    """The stage dev, deployed with protection."""
    folder = tmp_path_factory.mktemp("protected")
    with deploy_fork(deployed_dev, folder / "dev", protect=True) as stack:
        yield stack


@pytest.fixture
def protected_dev(deployed_protected: StageStack, tmp_path: Path) -> Generator[StageStack]:
    """A copy of the protected stage dev."""
    with fork_stage(deployed_protected, tmp_path / "protected") as stack:
        yield stack


def data_of(stack: StageStack) -> dict[str, str]:
    return {token: stack.account.only(token).id for token, _ in HOLD_DATA}


def assert_refused(stack: StageStack, reason: str, **settings: Any) -> None:
    """Check the refusal: in a preview before any call, in an update before data is lost."""
    data = data_of(stack)
    stack.account.calls.clear()
    for run in (stack.preview, stack.up):
        with pytest.raises(CommandError) as raised:
            run(**settings)
        message = str(raised.value)
        # Without a preview, the engine may refuse another protected resource first.
        assert reason in message or (run == stack.up and "unable to replace resource" in message)
        assert "was not registered" not in message
        assert run == stack.up or stack.account.calls == []
    there = [each.id for token in data for each in stack.account.of_type(token)]
    assert set(data.values()) <= set(there)


@pytest.mark.parametrize("change", [*FIXED, *NEVER_LISTED])
def test_what_would_replace_data_is_refused_with_the_property(
    dev: StageStack, change: Change
) -> None:
    assert_refused(dev, (FIXED | NEVER_LISTED)[change], **change(dev))


@pytest.mark.parametrize(
    "key", [stage.CLIENT, stage.OWNER_GROUP, stage.FUNCTION_LOGS, stage.USER_POOL]
)
def test_what_else_holds_something_is_not_replaced_either(dev: StageStack, key: Key) -> None:
    dev.taint(key)
    with pytest.raises(CommandError, match=f"{GUARDED[key.token][0]}. would be replaced, and its"):
        dev.preview()


@pytest.mark.parametrize("change", [*FIXED, other_region, *DELETED])
def test_a_protected_stage_refuses_that_too(protected_dev: StageStack, change: Change) -> None:
    reason = (FIXED | NEVER_LISTED | DELETED)[change]
    assert_refused(protected_dev, reason, protect=True, **change(protected_dev))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (other_environment, FIXED[other_environment]),
        (renamed_table, DELETED[renamed_table]),
        (renamed_pool, DELETED[renamed_pool]),
        (other_region, REGION),
        (restored_table, NEVER_LISTED[restored_table]),
    ],
)
def test_a_stage_that_is_unprotected_in_the_same_change_is_refused_too(
    protected_dev: StageStack, change: Change, reason: str
) -> None:
    assert_refused(protected_dev, reason, **change(protected_dev))


def test_developments_pool_does_not_leave_the_program(dev: StageStack) -> None:
    assert_refused(dev, DELETED[renamed_pool], **renamed_pool(dev))


def test_development_does_not_leave_its_pool_for_one_that_it_adopts(dev: StageStack) -> None:
    pool = dev.account.only(stage.USER_POOL.token)
    other = dev.account.create(*stage.USER_POOL, dict(pool.inputs)).id
    dev.account.calls.clear()
    with pytest.raises(CommandError) as raised:
        dev.preview(adoptUserPool=other)
    lost = f"(user pool) would be replaced by {other}, and its users lost"
    assert lost in str(raised.value)
    assert dev.account.calls == []


@pytest.mark.parametrize(
    ("change", "replaced"), [(other_range_key, stage.TABLE), (other_sign_in, stage.USER_POOL)]
)
def test_the_data_of_a_pull_requests_preview_may_be_replaced(
    preview: StageStack, change: Change, replaced: Key
) -> None:
    changes = preview.up(**change(preview))
    assert changes.operations[replaced] == "replace"
