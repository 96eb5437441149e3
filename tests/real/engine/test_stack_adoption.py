"""The move from the SAM stack: existing resources are adopted, and never created again."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation.errors import CommandError

from infra.paths import PROJECT
from src import SITE
from tests.real.engine import resource_keys as stage
from tests.real.engine.changes import Changes
from tests.real.engine.conftest import NewStack
from tests.real.engine.sam_stack import DOMAIN, NAME, SamStack, make_sam_stack
from tests.real.engine.stage_stack import StageStack, fork_stage
from tests.real.engine.stand_in.account import Call

WITHOUT_DOMAIN: dict[str, Any] = {"domainName": "", "hostedZone": ""}
HOLD_DATA = {stage.TABLE, stage.USER_POOL}
DOMAIN_PARTS = {stage.CERTIFICATE, stage.DOMAIN_NAME, stage.API_MAPPING}
ZONE = SITE
ACCESS_LOG_GROUP = f"/aws/vendedlogs/{NAME}"
ADOPTED = {*HOLD_DATA, stage.CLIENT, stage.OWNER_GROUP, stage.FUNCTION_LOGS}


@pytest.fixture
def prod(new_stack: NewStack) -> StageStack:
    return new_stack("prod")


@pytest.fixture
def sam(prod: StageStack) -> SamStack:
    return make_sam_stack(prod.account)


@dataclass(frozen=True)
class Adoption:
    """The stage prod after it adopted the resources of the SAM stack."""

    stack: StageStack
    sam: SamStack
    settings: dict[str, Any]
    """The settings of the deployment."""

    previewed: Changes
    calls_of_preview: list[Call]
    """The calls of the preview before the first deployment."""

    changes: Changes
    """The changes of the deployment."""


@pytest.fixture(scope="module")
def adopted_data(
    empty_stack: NewStack, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Adoption]:
    """A stage with adopted data; tests with changes use `adopted`."""
    with fork_stage(empty_stack("prod"), tmp_path_factory.mktemp("adopted") / "prod") as stack:
        sam = make_sam_stack(stack.account)
        settings = {**WITHOUT_DOMAIN, **sam.data_settings}
        previewed = stack.preview(**settings)
        calls = list(stack.account.calls)
        yield Adoption(stack, sam, settings, previewed, calls, stack.up(**settings))


@pytest.fixture
def adopted(adopted_data: Adoption, tmp_path: Path) -> Generator[Adoption]:
    with fork_adoption(adopted_data, tmp_path / "adopted") as adoption:
        yield adoption


@pytest.fixture(scope="module")
def moved_domain(
    adopted_data: Adoption, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Adoption]:
    """A stage with an adopted domain too; tests with changes use `moved`."""
    folder = tmp_path_factory.mktemp("moved")
    with fork_adoption(adopted_data, folder / "prod") as adopted:
        sam = adopted.sam
        sam.move_domain()
        settings = {**sam.data_settings, **sam.domain_settings}
        yield replace(adopted, settings=settings, changes=adopted.stack.up(**settings))


@pytest.fixture
def moved(moved_domain: Adoption, tmp_path: Path) -> Generator[Adoption]:
    with fork_adoption(moved_domain, tmp_path / "moved") as adoption:
        yield adoption


@contextmanager
def fork_adoption(adoption: Adoption, folder: Path) -> Generator[Adoption]:
    with fork_stage(adoption.stack, folder) as stack:
        sam = replace(adoption.sam, account=stack.account)
        yield replace(adoption, stack=stack, sam=sam)


def test_a_stack_adopts_what_is_there_and_is_unchanged_on_the_next_up(adopted: Adoption) -> None:
    assert adopted.calls_of_preview == []
    changes = adopted.changes
    assert adopted.previewed.imported == changes.imported == ADOPTED
    assert {changes.operations[key] for key in ADOPTED} <= {"import", "update"}
    assert not {"replace", "delete"} & set(changes.operations.values())
    assert adopted.sam.there() == adopted.sam.ids
    assert adopted.stack.up(**adopted.settings).operations == {}


def test_what_is_adopted_becomes_what_the_program_says(adopted_data: Adoption) -> None:
    account = adopted_data.stack.account
    table, pool = (account.only(token).inputs for token, _ in (stage.TABLE, stage.USER_POOL))
    assert [index["name"] for index in table["globalSecondaryIndexes"]] == ["by-views"]
    assert table["deletionProtectionEnabled"]
    assert pool["deletionProtection"] == "ACTIVE"
    assert pool["passwordPolicy"]["minimumLength"] == 12
    # Settings fixed by Cognito stay unchanged.
    assert pool["name"] == "portfolio-users"
    assert pool["schemas"][0]["required"]
    assert "usernameConfiguration" not in pool


def test_the_domain_is_cut_over_and_then_adopted(moved: Adoption) -> None:
    assert moved.changes.imported == DOMAIN_PARTS
    assert not {"replace", "delete"} & set(moved.changes.operations.values())
    assert moved.sam.there() == moved.sam.ids
    assert moved.stack.up(**moved.settings).operations == {}


def test_without_the_settings_what_is_there_is_in_the_way(prod: StageStack, sam: SamStack) -> None:
    with pytest.raises(CommandError, match="AlreadyExists: aws:dynamodb/table:Table"):
        prod.up(**WITHOUT_DOMAIN)
    assert sam.there() == sam.ids


def test_what_is_not_there_cannot_be_adopted(prod: StageStack) -> None:
    with pytest.raises(CommandError, match=f"'production-{PROJECT}-table' does not exist"):
        prod.preview(**WITHOUT_DOMAIN, adoptTable=f"production-{PROJECT}-table")


def test_a_table_with_other_keys_is_not_replaced(prod: StageStack) -> None:
    sam = make_sam_stack(prod.account, rangeKey="sort")
    settings = {**WITHOUT_DOMAIN, **sam.data_settings}
    reason = (
        rf"production-{PROJECT}-table \(table\) would be replaced, and its data lost: "
        "its rangeKey cannot change from sort to SK"
    )
    with pytest.raises(CommandError, match=reason):
        prod.preview(**settings)
    assert prod.account.calls == []
    with pytest.raises(CommandError, match=reason):
        prod.up(**settings)
    assert sam.there() == sam.ids


def test_a_pool_into_which_people_sign_in_otherwise_is_not_replaced(
    prod: StageStack, sam: SamStack
) -> None:
    prod.account.only(stage.USER_POOL.token).inputs["usernameAttributes"] = ["phone_number"]
    reason = (
        r"portfolio-users \(user pool\) .* usernameAttributes cannot change from .*'phone_number'"
    )
    with pytest.raises(CommandError, match=reason):
        prod.preview(**WITHOUT_DOMAIN, **sam.data_settings)
    assert prod.account.calls == []


def test_a_pool_is_not_left_for_another(adopted: Adoption) -> None:
    account, sam = adopted.stack.account, adopted.sam
    other = account.create(*stage.USER_POOL, dict(account.only(stage.USER_POOL.token).inputs)).id
    account.calls.clear()
    settings = {**WITHOUT_DOMAIN, "adoptUserPool": other}
    reason = rf"portfolio-users \(user pool\) would be replaced by {other}, and its users lost"
    with pytest.raises(CommandError, match=reason):
        adopted.stack.preview(**settings)
    assert account.calls == []
    with pytest.raises(CommandError, match=reason):
        adopted.stack.up(**settings)
    assert sam.there().items() >= {(key, sam.ids[key]) for key in HOLD_DATA}


def test_production_stays_as_it_is_when_the_settings_that_adopt_go(adopted: Adoption) -> None:
    assert adopted.stack.up(**WITHOUT_DOMAIN).operations == {}
    assert adopted.sam.there() == adopted.sam.ids


def test_development_can_adopt_and_is_destroyed_once_it_lets_go(new_stack: NewStack) -> None:
    dev = new_stack("dev")
    name = f"development-{PROJECT}-table"
    sam = make_sam_stack(dev.account, name=name)
    settings = {key: sam.data_settings[key] for key in sam.data_settings if key != "adoptLogGroup"}
    dev.up(**settings)
    reason = "the table holds data: to allow its deletion, set protect to false, remove adoptTable"
    with pytest.raises(CommandError, match=reason):
        dev.destroy()
    assert {key: sam.there()[key] for key in HOLD_DATA} == {key: sam.ids[key] for key in HOLD_DATA}
    changes = dev.up()
    assert not {"create", "replace", "delete"} & set(changes.operations.values())
    dev.destroy()
    assert not {stage.TABLE, stage.USER_POOL, stage.CLIENT, stage.OWNER_GROUP} & sam.there().keys()


def test_the_way_back_leaves_all_that_was_adopted_to_be_adopted_again(
    moved: Adoption, monkeypatch: pytest.MonkeyPatch
) -> None:
    prod, sam = moved.stack, moved.sam
    sam.move_domain_back()
    with pytest.raises(CommandError, match=r"nothing was deleted.* set PORTFOLIO_DESTROY=prod"):
        prod.destroy_with_program(exclude_protected=True)
    monkeypatch.setenv("PORTFOLIO_DESTROY", prod.name)
    prod.destroy_with_program(exclude_protected=True)
    prod.forget()
    # A validation does not exist on AWS: the provider only waits.
    resources = [each for each in prod.account.resources if "Validation" not in each.token]
    assert {(each.token, each.id) for each in resources} == {
        *((key.token, each) for key, each in sam.ids.items()),
        (stage.ACCESS_LOGS.token, ACCESS_LOG_GROUP),
        (stage.IPV4_ADDRESS.token, f"Z0STANDIN_{DOMAIN}_AAAA"),
        (stage.IPV4_ADDRESS.token, f"Z0STANDIN__validation.{DOMAIN}._CNAME"),
    }
    settings = {**WITHOUT_DOMAIN, **sam.data_settings}
    with pytest.raises(CommandError, match=f"AlreadyExists: .* {ACCESS_LOG_GROUP}"):
        prod.up(**settings)
    settings["adoptAccessLogGroup"] = ACCESS_LOG_GROUP
    changes = prod.up(**settings)
    # The failed attempt has already adopted the resources before this one.
    assert stage.ACCESS_LOGS in changes.imported <= {*ADOPTED, stage.ACCESS_LOGS}
    made = {key for key, each in changes.operations.items() if each == "create"}
    assert not made & {*ADOPTED, stage.ACCESS_LOGS}
    sam.move_domain()
    with_domain = settings | sam.domain_settings | {"domainName": DOMAIN, "hostedZone": ZONE}
    assert prod.up(**with_domain).imported == DOMAIN_PARTS
    assert sam.there() == sam.ids
