"""Repeated deployments: unchanged, with new code, and with secrets kept."""

from dataclasses import replace

from infra.contract.routes import guarded_routes
from infra.settings.files import stage_config
from tests.real.engine.changes import Key
from tests.real.engine.resource_keys import ALIAS, FUNCTION, SESSION_KEY, TABLE
from tests.real.engine.small_package import make_package
from tests.real.engine.stage_stack import StageStack


def test_up_again_changes_nothing_from_another_folder_either(dev: StageStack) -> None:
    assert dev.up().operations == {}
    assert dev.account.calls == []


def test_a_preview_is_deployed_with_the_file_that_all_of_them_share(preview: StageStack) -> None:
    assert preview.account.only(TABLE.token).inputs["tags"]["environment"] == "pr-12"
    assert preview.up().operations == {}
    assert preview.config == stage_config("pr-12")


def test_other_code_updates_the_function_its_version_and_the_alias(dev: StageStack) -> None:
    dev.package = make_package(dev.folder / "other", code="handler = 'other'")
    changes = dev.up()
    assert changes.operations == {FUNCTION: "update", ALIAS: "update"}
    assert changes.properties[FUNCTION] == {"code", "sourceCodeHash", "tags"}
    assert dev.account.only(FUNCTION.token).computed["version"] == "2"
    assert dev.account.only(ALIAS.token).inputs["functionVersion"] == "2"


def test_another_manifest_of_the_same_code_makes_no_version(dev: StageStack) -> None:
    dev.package = replace(dev.package, manifest_sha256="ef" * 32)
    assert dev.up().operations == {FUNCTION: "update"}
    assert dev.account.only(FUNCTION.token).computed["version"] == "1"


def test_a_pinned_alias_stays_until_it_is_unpinned(dev: StageStack) -> None:
    dev.package = make_package(dev.folder / "other", code="handler = 'other'")
    assert dev.up(pinnedVersion=1).operations == {FUNCTION: "update"}
    assert "live is pinned to version 1" in "".join(dev.printed)
    assert dev.up().operations == {ALIAS: "update"}
    assert dev.account.only(ALIAS.token).inputs["functionVersion"] == "2"


def test_the_gateways_authorizer_comes_and_goes_with_its_routes_alone(dev: StageStack) -> None:
    routes = [Key("aws:apigatewayv2/route:Route", f"api {key}") for key in guarded_routes()]
    added = [Key("aws:apigatewayv2/authorizer:Authorizer", "api"), *routes]
    assert dev.up(gatewayAuthorizer=True).operations == dict.fromkeys(added, "create")
    assert dev.up().operations == dict.fromkeys(added, "delete")


def test_the_session_key_is_nowhere_in_the_clear(dev: StageStack) -> None:
    key = dev.account.only(SESSION_KEY.token).computed["result"]
    dev.up(logLevel="ERROR")
    function = dev.account.only(FUNCTION.token).inputs
    assert function["environment"]["variables"]["SESSION_KEY"] == key
    assert key not in "".join(dev.printed)
    files = [path for path in dev.folder.rglob("*") if path.is_file()]
    assert {".json", ".log"} <= {path.suffix for path in files}
    assert [path for path in files if key.encode() in path.read_bytes()] == []
