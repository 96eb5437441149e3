"""The OpenAPI schema; the gateway's routes are made from it."""

import json
import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from infra.paths import BACKEND, OPENAPI
from src import SITE, TITLE
from src.api.kinds import KINDS
from src.app import create_app
from tests.backend.app_client import connect
from tests.backend.probe import router

if TYPE_CHECKING:
    from src.config import Settings

SCRIPT: Final = BACKEND / "generate_openapi.py"

type Json = dict[str, Any]

REQUIRED: Final[list[Json]] = [{"bearer": []}]
OPTIONAL: Final[list[Json]] = [{"bearer": []}, {}]

NOBODY: Final = """GET /
GET /health
POST /auth/login
POST /auth/refresh
GET /blogs/categories
GET /blogs/categories/list
POST /visitors/track
GET /visitors/count
POST /analytics/track/{type}/{id}
GET /analytics/views/{type}/{id}"""

CONTENT: Final = {
    *("/blogs", "/projects", "/certifications"),
    *(kind.path for kind in KINDS),
}
"""Paths of the lists: those of the contract, and those of added kinds."""

OPTIONAL_TOKEN: Final = "\n".join(
    [
        "GET /blogs/slug/{slug}",
        *(f"GET {base}{item}" for base in CONTENT for item in ("", "/{id}")),
    ]
)

ANY_TOKEN: Final = """POST /auth/logout
GET /auth/me"""

OWNER: Final = "\n".join(
    [
        *(f"POST {base}" for base in CONTENT),
        *(f"{method} {base}/{{id}}" for base in CONTENT for method in ("PUT", "DELETE")),
        *(f"POST {base}/{{id}}/{act}" for base in CONTENT for act in ("publish", "unpublish")),
        "GET /visitors/trends/daily",
        "GET /visitors/trends/monthly",
        "GET /analytics/views/{type}",
        "GET /analytics/top-content",
        "GET /analytics/views/total",
        "GET /analytics/overview",
        "GET /analytics/pages",
        "GET /analytics/blog/{id}/stats",
    ]
)


type Generate = Callable[[list[str]], int]


@pytest.fixture
def generate() -> Generate:
    """Return the script's `main`; it returns the exit status."""
    main: Generate = runpy.run_path(str(SCRIPT))["main"]
    return main


@pytest.fixture(scope="module")
def schema() -> Json:
    return json.loads(OPENAPI.read_text())


@pytest.fixture(scope="module")
def probe_schema(settings: "Settings") -> Json:
    app = create_app(settings)
    app.include_router(router)
    return app.openapi()


def operations(schema: Json) -> Iterator[tuple[str, str, Json]]:
    """Path, method and operation, of each."""
    for path, path_item in schema["paths"].items():
        for method, operation in path_item.items():
            yield path, method, operation


def body_schema(operation: Json) -> Json | None:
    body = operation.get("requestBody")
    return body and body["content"]["application/json"]["schema"]


def assert_valid(schema: Json, node: Json, value: object) -> None:
    # Here, as below: each takes half a second to import.
    from openapi_schema_validator import (  # noqa: PLC0415
        OAS31Validator,
        oas31_format_checker,
    )

    rooted = {**node, "components": schema["components"]}
    OAS31Validator(rooted, format_checker=oas31_format_checker).validate(value)


def make_up(schema: Json, node: Json) -> Any:
    """A value of a schema, from the examples in it; a KeyError where one is missing."""
    if "$ref" in node:
        return make_up(schema, schema["components"]["schemas"][node["$ref"].split("/")[-1]])
    if "examples" in node:
        return node["examples"][0]
    if "const" in node or "enum" in node:
        return node.get("const") or node["enum"][0]
    if "anyOf" in node:
        return make_up(schema, node["anyOf"][0])
    if node["type"] == "array":
        return [make_up(schema, node["items"])]
    return {name: make_up(schema, each) for name, each in node["properties"].items()}


def test_the_committed_schema_is_that_of_the_app() -> None:
    command = [sys.executable, SCRIPT, "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.stderr == ""
    assert result.returncode == 0


def test_a_stale_schema_is_reported_in_one_line(
    generate: Generate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "openapi.json"
    arguments = ["--file", str(file)]
    assert generate(arguments) == 0
    assert generate([*arguments, "--check"]) == 0
    file.write_text(file.read_text().replace("/auth/me", "/auth/you"))
    assert generate([*arguments, "--check"]) == 1
    assert capsys.readouterr() == ("", f"{file} is out of date: run `make format` and commit it.\n")
    file.unlink()
    assert generate([*arguments, "--check"]) == 1


def test_the_operations_and_their_tokens_are_those_of_the_contract(schema: Json) -> None:
    declared = {
        f"{method.upper()} {path}": operation.get("security")
        for path, method, operation in operations(schema)
    }
    expected: list[tuple[str, list[Json]]] = [
        (NOBODY, []),
        (OWNER, REQUIRED),
        (ANY_TOKEN, REQUIRED),
        (OPTIONAL_TOKEN, OPTIONAL),
    ]
    assert declared == {key: security for keys, security in expected for key in keys.split("\n")}


def test_only_the_owner_s_operations_can_be_forbidden_to_others(schema: Json) -> None:
    forbidden = {
        f"{method.upper()} {path}"
        for path, method, operation in operations(schema)
        if "403" in operation["responses"]
    }
    lists = {f"GET {base}" for base in CONTENT}
    assert forbidden == {*OWNER.split("\n"), *lists, "POST /auth/login"}


def test_a_token_is_said_to_be_required_optional_or_of_no_use(probe_schema: Json) -> None:
    paths = probe_schema["paths"]
    assert paths["/probe/query"]["get"]["security"] == OPTIONAL
    assert paths["/probe/owner"]["post"]["security"] == REQUIRED
    assert paths["/probe/body"]["post"]["security"] == []


def test_one_scheme_is_named(schema: Json, probe_schema: Json) -> None:
    for each in (schema, probe_schema):
        schemes = each["components"]["securitySchemes"]
        assert list(schemes) == ["bearer"]
        assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")


def test_it_is_valid_openapi(schema: Json) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415

    OpenAPIV31SpecValidator(schema).validate()


def test_it_describes_the_api(schema: Json) -> None:
    info = schema["info"]
    project = tomllib.loads((BACKEND / "pyproject.toml").read_text())["project"]
    assert (info["title"], info["version"]) == (TITLE, project["version"])
    assert [each["url"] for each in schema["servers"]] == [
        f"https://api.{SITE}",
        f"https://api-dev.{SITE}",
        "http://localhost:8000",
    ]
    assert all(info[key] for key in ("summary", "description", "contact", "license"))
    used = {tag for _, _, operation in operations(schema) for tag in operation["tags"]}
    assert {tag["name"] for tag in schema["tags"] if tag["description"]} == used


def test_every_operation_and_parameter_has_a_description(schema: Json) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(schema)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", each) for each in ids)
    for _, _, operation in operations(schema):
        assert operation["summary"]
        assert operation["description"].endswith(".")
        assert all(parameter["description"] for parameter in operation.get("parameters", []))


def test_no_parameter_is_nullable_as_clients_would_send_the_text_null(schema: Json) -> None:
    parameters = [
        (path, parameter["name"], parameter["schema"])
        for path, _, operation in operations(schema)
        for parameter in operation.get("parameters", [])
    ]
    optional = {name for _, name, node in parameters if "default" not in node}
    assert optional >= {"category", "tag", "featured", "type", "X-Session-Id"}
    assert [each for each in parameters if "null" in json.dumps(each[2].get("anyOf", ""))] == []
    assert [each for each in parameters if not each[2].keys() & {"type", "$ref"}] == []


def test_no_field_is_only_null_as_openapi_generator_imports_a_missing_type(schema: Json) -> None:
    fields = [
        (name, field, content)
        for name, node in schema["components"]["schemas"].items()
        for field, content in node.get("properties", {}).items()
    ]
    assert len(fields) > 100
    assert [each for each in fields if each[2].get("type") == "null"] == []


def test_every_error_has_the_contract_s_body_and_an_example_of_it(schema: Json) -> None:
    for _, _, operation in operations(schema):
        errors = {
            status: response["content"]["application/json"]
            for status, response in operation["responses"].items()
            if not status.startswith(("2", "3"))
        }
        assert "default" in errors
        for status, content in errors.items():
            function, gateway = (
                {"$ref": f"#/components/schemas/{name}"}
                for name in ("ErrorBody", "GatewayErrorBody")
            )
            is_of_both = status in {"413", "429", "default"}
            assert content["schema"] == ({"anyOf": [function, gateway]} if is_of_both else function)
            assert_valid(schema, function, content["example"])
            assert content["example"]["message"] == content["example"]["detail"]
            code = content["example"]["statusCode"]
            words = {413: "Content Too Large"}.get(code, HTTPStatus(code).phrase)
            assert content["example"]["error"] == words
            assert status in {str(code), "default"}


def test_every_body_can_be_made_up_from_its_examples(schema: Json) -> None:
    made = 0
    for _, _, operation in operations(schema):
        succeeded = {k: v for k, v in operation["responses"].items() if k.startswith("2")}
        assert succeeded
        for status, answer in [("body", operation.get("requestBody", {})), *succeeded.items()]:
            assert "content" in answer or status in {"204", "body"}
            for media_type, content in answer.get("content", {}).items():
                assert media_type == "application/json"
                assert_valid(schema, content["schema"], make_up(schema, content["schema"]))
                made += 1
    assert made > 30


def test_the_app_takes_the_bodies_made_up_from_examples(
    schema: Json, client: httpx.Client, owner_headers: dict[str, str]
) -> None:
    statuses = {
        path: client.request(method, path, json=make_up(schema, body), headers=owner_headers)
        for path, method, operation in operations(schema)
        for body in [body_schema(operation)]
        if body
    }
    assert {path: answer.status_code for path, answer in statuses.items()} == {
        "/auth/login": 401,
        "/auth/refresh": 401,
        "/auth/logout": 200,
        **dict.fromkeys(CONTENT, 201),
        # There is no such item.
        **{f"{base}/{{id}}": 404 for base in CONTENT},
        "/visitors/track": 200,
        # There is no such type: its name is the template's.
        "/analytics/track/{type}/{id}": 400,
    }


def test_every_answer_carries_its_headers(schema: Json) -> None:
    declared = schema["components"]["headers"]
    for _, _, operation in operations(schema):
        responses = operation["responses"]
        for status, response in responses.items():
            names = response["headers"].keys()
            assert response["headers"] == {
                name: {"$ref": f"#/components/headers/{name}"} for name in names
            }
            assert names <= declared.keys()
            assert "X-Request-Id" in names
            assert ("WWW-Authenticate" in names) == (status == "401")
            assert ("Retry-After" in names) == (status in {"429", "default"})
            assert ("Allow" in names) == (status == "default")
            is_cacheable = "304" in responses and status in {"200", "304"}
            assert ({"ETag", "Cache-Control", "Vary"} <= names) == is_cacheable


def test_wrong_input_is_400_and_never_422(schema: Json) -> None:
    assert "422" not in OPENAPI.read_text()
    assert "400" in schema["paths"]["/auth/login"]["post"]["responses"]
    assert "400" not in schema["paths"]["/auth/me"]["get"]["responses"]
    assert "401" in schema["paths"]["/auth/me"]["get"]["responses"]


def test_an_optional_token_can_be_missed_only_where_drafts_are_listed(schema: Json) -> None:
    for path in CONTENT:
        assert "401" in schema["paths"][path]["get"]["responses"]
        assert "401" not in schema["paths"][f"{path}/{{id}}"]["get"]["responses"]


def test_head_is_no_operation_of_its_own(schema: Json) -> None:
    assert not [path for path, method, _ in operations(schema) if method == "head"]


def test_a_body_can_be_too_large(schema: Json) -> None:
    for _, _, operation in operations(schema):
        assert ("413" in operation["responses"]) == ("requestBody" in operation)


def test_the_docs_are_served_outside_production_only(
    client: httpx.Client, settings: "Settings"
) -> None:
    assert client.get("/docs").status_code == 200
    first, second = (client.get("/openapi.json").json() for _ in range(2))
    assert first["openapi"].startswith("3.1")
    assert first == second
    production = settings.model_copy(update={"environment": "production"})
    with connect(create_app(production)) as public:
        assert public.get("/docs").status_code == 404
        assert public.get("/openapi.json").status_code == 404
