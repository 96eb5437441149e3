"""Which operations the gateway guards, as openapi.json tells it."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.contract.routes import guarded_routes
from infra.errors import ContractError

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
