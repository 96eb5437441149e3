"""The schema that the gateway's routes are made from."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from infra.paths import BACKEND, OPENAPI
from src.app import create_app
from tests.backend.app_client import connect
from tests.backend.probe import router

if TYPE_CHECKING:
    from src.config import Settings

REQUIRED: Final[list[dict[str, Any]]] = [{"bearer": []}]
OPTIONAL: Final[list[dict[str, Any]]] = [{"bearer": []}, {}]


def generate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, BACKEND / "generate_openapi.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads(OPENAPI.read_text())


@pytest.fixture(scope="module")
def probe_schema(settings: "Settings") -> dict[str, Any]:
    app = create_app(settings)
    app.include_router(router)
    return app.openapi()


def test_the_committed_schema_is_what_the_app_says() -> None:
    result = generate("--check")
    assert result.stderr == ""
    assert result.returncode == 0


def test_a_stale_schema_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    assert generate("--file", file).returncode == 0
    assert generate("--file", file, "--check").returncode == 0
    file.write_text(file.read_text().replace("/v1/auth/me", "/v1/auth/you"))
    stale = generate("--file", file, "--check")
    assert stale.returncode == 1
    assert stale.stderr == f"{file} is stale: run `make format` and commit it.\n"
    file.unlink()
    assert generate("--file", file, "--check").returncode == 1


@pytest.mark.parametrize(
    ("method", "path", "security"),
    [
        ("get", "/v1/health", None),
        ("post", "/v1/auth/login", None),
        ("post", "/v1/auth/logout", REQUIRED),
        ("get", "/v1/auth/me", REQUIRED),
    ],
)
def test_an_operation_tells_whether_it_needs_a_token(
    schema: dict[str, Any], method: str, path: str, security: Any
) -> None:
    assert schema["paths"][path][method].get("security") == security


def test_an_optional_token_has_the_empty_alternative(probe_schema: dict[str, Any]) -> None:
    paths = probe_schema["paths"]
    assert paths["/v1/probe/query"]["get"]["security"] == OPTIONAL
    assert paths["/v1/probe/owner"]["post"]["security"] == REQUIRED
    assert "security" not in paths["/v1/probe/body"]["post"]


def test_one_scheme_is_named(schema: dict[str, Any], probe_schema: dict[str, Any]) -> None:
    for each in (schema, probe_schema):
        schemes = each["components"]["securitySchemes"]
        assert list(schemes) == ["bearer"]
        assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")


def test_errors_have_the_contract_s_body(schema: dict[str, Any]) -> None:
    reference = {"$ref": "#/components/schemas/ErrorBody"}
    for path_item in schema["paths"].values():
        for operation in path_item.values():
            errors = {
                status: response
                for status, response in operation["responses"].items()
                if not status.startswith(("2", "3"))
            }
            assert "default" in errors
            for response in errors.values():
                assert response["content"]["application/json"]["schema"] == reference


def test_wrong_input_is_400_and_never_422(schema: dict[str, Any]) -> None:
    assert "422" not in OPENAPI.read_text()
    assert "400" in schema["paths"]["/v1/auth/login"]["post"]["responses"]
    assert "400" not in schema["paths"]["/v1/auth/me"]["get"]["responses"]
    assert "401" in schema["paths"]["/v1/auth/me"]["get"]["responses"]


def test_the_docs_are_served_outside_production_only(
    client: httpx.Client, settings: "Settings"
) -> None:
    assert client.get("/v1/docs").status_code == 200
    first, second = (client.get("/v1/openapi.json").json() for _ in range(2))
    assert first["openapi"].startswith("3.1")
    assert first == second
    production = settings.model_copy(update={"environment": "production"})
    with connect(create_app(production)) as public:
        assert public.get("/v1/docs").status_code == 404
        assert public.get("/v1/openapi.json").status_code == 404
