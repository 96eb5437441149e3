"""Moving over from the SAM stack: what is there is adopted, and never made anew."""

import re
from typing import Any

import pytest
from pulumi.automation.errors import CommandError

from tests.engine import resources as stage
from tests.engine.changes import Key
from tests.engine.conftest import NewStack
from tests.engine.sam_stack import SamStack, make_sam_stack
from tests.engine.stage_stack import StageStack

WITHOUT_DOMAIN: dict[str, Any] = {"domainName": "", "hostedZone": ""}
HOLD_DATA = {stage.TABLE, stage.USER_POOL}
ADOPTED = {*HOLD_DATA, stage.CLIENT, stage.OWNER_GROUP, stage.FUNCTION_LOGS}


@pytest.fixture
def prod(new_stack: NewStack) -> StageStack:
    return new_stack("prod")


@pytest.fixture
def sam(prod: StageStack) -> SamStack:
    return make_sam_stack(prod.account)


def refused(what: str) -> str:
    return re.escape(f"{what} is protected, as it holds data: it must not be deleted or replaced")


def test_a_stack_adopts_what_is_there_and_is_unchanged_on_the_next_up(
    prod: StageStack, sam: SamStack
) -> None:
    settings = {**WITHOUT_DOMAIN, **sam.data_settings}
    previewed = prod.preview(**settings)
    assert prod.account.calls == []
    changes = prod.up(**settings)
    assert previewed.imported == changes.imported == ADOPTED
    assert {changes.operations[key] for key in ADOPTED} <= {"import", "update"}
    assert not {"replace", "delete"} & set(changes.operations.values())
    assert sam.there() == sam.ids
    assert prod.up(**settings).operations == {}


def test_what_is_adopted_becomes_what_the_program_says(prod: StageStack, sam: SamStack) -> None:
    prod.up(**WITHOUT_DOMAIN, **sam.data_settings)
    table, pool = (prod.account.only(token).inputs for token, _ in (stage.TABLE, stage.USER_POOL))
    assert [index["name"] for index in table["globalSecondaryIndexes"]] == ["by-views"]
    assert table["deletionProtectionEnabled"]
    assert pool["deletionProtection"] == "ACTIVE"
    assert pool["passwordPolicy"]["minimumLength"] == 12
    # What Cognito fixes stays as it was.
    assert pool["name"] == "portfolio-users"
    assert pool["schemas"][0]["required"]
    assert "usernameConfiguration" not in pool


def test_the_domain_is_cut_over_and_then_adopted(prod: StageStack, sam: SamStack) -> None:
    prod.up(**WITHOUT_DOMAIN, **sam.data_settings)
    sam.move_domain()
    settings = {**sam.data_settings, **sam.domain_settings}
    changes = prod.up(**settings)
    assert changes.imported == {stage.CERTIFICATE, stage.DOMAIN_NAME, stage.API_MAPPING}
    assert not {"replace", "delete"} & set(changes.operations.values())
    assert sam.there() == sam.ids
    assert prod.up(**settings).operations == {}


def test_without_the_settings_what_is_there_is_in_the_way(prod: StageStack, sam: SamStack) -> None:
    with pytest.raises(CommandError, match="AlreadyExists: aws:dynamodb/table:Table"):
        prod.up(**WITHOUT_DOMAIN)
    assert sam.there() == sam.ids


def test_what_is_not_there_cannot_be_adopted(prod: StageStack) -> None:
    with pytest.raises(CommandError, match="'production-portfolio-api-table' does not exist"):
        prod.preview(**WITHOUT_DOMAIN, adoptTable="production-portfolio-api-table")


def test_a_table_with_other_keys_is_not_replaced(prod: StageStack) -> None:
    sam = make_sam_stack(prod.account, rangeKey="sort")
    settings = {**WITHOUT_DOMAIN, **sam.data_settings}
    with pytest.raises(CommandError, match=refused("production-portfolio-api-table")):
        prod.preview(**settings)
    assert prod.account.calls == []
    with pytest.raises(CommandError, match="unable to replace resource"):
        prod.up(**settings)
    assert sam.there() == sam.ids


def test_a_pool_is_not_left_for_another(prod: StageStack, sam: SamStack) -> None:
    settings = {**WITHOUT_DOMAIN, "adoptUserPool": sam.ids[stage.USER_POOL]}
    prod.account.delete(*stage.OWNER_GROUP, sam.ids.pop(stage.OWNER_GROUP))
    settings |= {"adoptTable": sam.ids[stage.TABLE], "adoptLogGroup": sam.ids[stage.FUNCTION_LOGS]}
    prod.up(**settings)
    inputs = dict(prod.account.only(stage.USER_POOL.token).inputs)
    other = prod.account.create(*stage.USER_POOL, inputs).id
    prod.account.calls.clear()
    with pytest.raises(CommandError, match=refused("production-portfolio-api (user pool)")):
        prod.preview(**settings | {"adoptUserPool": other})
    assert prod.account.calls == []
    with pytest.raises(CommandError, match=refused("production-portfolio-api (user pool)")):
        prod.up(**settings | {"adoptUserPool": other})
    assert sam.there() == sam.ids


def test_a_pool_is_not_replaced_when_the_setting_that_adopts_it_goes(
    prod: StageStack, sam: SamStack
) -> None:
    prod.up(**WITHOUT_DOMAIN, **sam.data_settings)
    with pytest.raises(CommandError, match=refused("production-portfolio-api (user pool)")):
        prod.preview(**WITHOUT_DOMAIN)


def test_what_holds_data_stops_a_preview_that_would_replace_it(dev: StageStack) -> None:
    dev.up(protect=True)
    dev.account.calls.clear()
    # Which of the two is told depends on which the engine comes to first.
    with pytest.raises(CommandError, match=refused("")):
        dev.preview(protect=True, environment="another")
    assert dev.account.calls == []
    with pytest.raises(CommandError, match="unable to replace resource"):
        dev.up(protect=True, environment="another")
    # Without a preview, what holds nothing may have been made by then.
    assert not HOLD_DATA & {Key(call.token, call.name) for call in dev.account.calls}


def test_what_is_not_protected_may_be_replaced(dev: StageStack) -> None:
    changes = dev.preview(environment="another")
    assert {changes.operations[key] for key in HOLD_DATA} == {"replace"}


def test_development_can_adopt_a_table_and_is_destroyed_once_it_lets_go_of_it(
    new_stack: NewStack,
) -> None:
    dev = new_stack("dev")
    name = "development-portfolio-api-table"
    make_sam_stack(dev.account, name=name)
    dev.up(adoptTable=name)
    with pytest.raises(CommandError, match=refused(name)):
        dev.destroy()
    dev.up()
    dev.destroy()
    assert dev.account.find(stage.TABLE.token, name) is None


def test_the_way_back_leaves_what_was_adopted(prod: StageStack, sam: SamStack) -> None:
    prod.up(**WITHOUT_DOMAIN, **sam.data_settings)
    prod.destroy_unprotected()
    assert sam.there() == sam.ids
    left = {Key(each.token, each.name) for each in prod.account.resources}
    assert stage.FUNCTION not in left
