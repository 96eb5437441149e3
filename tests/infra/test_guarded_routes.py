"""The operations with a route at the gateway, from an openapi.json in step with the app."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from infra.contract.routes import check_openapi, guarded_routes, open_writes
from infra.deployment import prepare
from infra.errors import ContractError
from infra.paths import BACKEND
from infra.settings import load_stage_settings
from portfolio.local.emulator import Emulator

BEARER = {"type": "http", "scheme": "bearer"}


def write(folder: Path, paths: dict[str, Any], **more: Any) -> Path:
    file = folder / "openapi.json"
    components = {"securitySchemes": {"bearer": BEARER, "key": {"type": "apiKey", "in": "header"}}}
    file.write_text(json.dumps({"paths": paths, "components": components, **more}))
    return file


def test_an_operation_is_guarded_where_a_token_is_required(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        {
            "/things": {
                "get": {"security": [{"bearer": []}, {}]},
                "post": {"security": [{"bearer": []}]},
            },
            "/things/{id}": {
                "parameters": [],
                "get": {"security": []},
                "delete": {"security": [{"bearer": []}]},
            },
            "/health": {"get": {}},
        },
    )
    assert guarded_routes(file) == ["POST /things", "DELETE /things/{id}"]


def test_what_writes_without_a_required_token_is_open(tmp_path: Path) -> None:
    optional: dict[str, Any] = {"security": [{"bearer": []}, {}]}
    file = write(
        tmp_path,
        {
            "/things": {"get": {}, "head": {}, "post": {}, "put": optional},
            "/things/{id}": {"delete": {"security": [{"bearer": []}]}},
        },
    )
    assert open_writes(file) == ["POST /things", "PUT /things"]


def test_an_operation_without_security_has_that_of_the_description(tmp_path: Path) -> None:
    guarded: dict[str, Any] = {"security": [{"bearer": []}]}
    operations: dict[str, Any] = {"get": {}, "post": {"security": []}, "put": guarded}
    file = write(tmp_path, {"/things": operations}, security=[{"bearer": []}])
    assert guarded_routes(file) == ["GET /things", "PUT /things"]


@pytest.mark.parametrize("scheme", ["key", "unheard-of"])
def test_a_scheme_that_the_gateway_cannot_check_is_refused_by_name(
    tmp_path: Path, scheme: str
) -> None:
    file = write(tmp_path, {"/things": {"get": {"security": [{scheme: []}, {}]}}})
    with pytest.raises(ContractError, match=f"GET /things requires {scheme}, "):
        guarded_routes(file)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"paths": 1', '{"paths": {"/": {"get": {"security": "bearer"}}}}']
)
def test_a_description_that_cannot_be_read_is_told_with_the_remedy(
    tmp_path: Path, content: str
) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(content)
    with pytest.raises(ContractError, match="make format"):
        guarded_routes(file)


def test_a_missing_description_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"openapi\.json cannot be read"):
        guarded_routes(tmp_path / "openapi.json")


NEW_ROUTE = """

@router.get("/added")
async def read_added(_owner: OwnerPrincipal) -> None:
    pass
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the backend alone."""
    shutil.copytree(BACKEND, tmp_path / "backend")
    return tmp_path


def test_the_committed_description_is_the_apps() -> None:
    check_openapi()


def test_a_new_guarded_route_stops_a_deployment_until_make_format(
    checkout: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_stage_settings("dev")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", settings.allowed_accounts[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", emulator.endpoint)
    source = checkout / "backend" / "src" / "api" / "visitors.py"
    source.write_text(source.read_text() + NEW_ROUTE)
    built: list[str] = []
    with pytest.raises(ContractError) as failure:
        prepare(settings, built.append, project=checkout)
    file = checkout / "backend" / "openapi.json"
    assert str(failure.value) == f"{file} is out of date: run `make format` and commit it."
    assert built == []
