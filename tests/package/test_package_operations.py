"""Each operation answers from the unpacked, read-only zip, with the emulator's AWS APIs."""

import json
import uuid
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from infra.deployment import placeholder_environment
from infra.paths import BACKEND
from portfolio.local.emulator import ACCESS_KEY, Emulator
from tests.backend.accounts import UserPool, create_user_pool
from tests.backend.dynamodb_tables import create_table
from tests.contract.content_kinds import KINDS, Kind
from tests.package.function_process import FunctionProcess, run_function

_PUBLIC_READS = ("/", "/health", "/blogs/categories", "/blogs/categories/list", "/visitors/count")


class Caller:
    """Calls operations as the owner and records them."""

    def __init__(self, function: FunctionProcess) -> None:
        self._function = function
        self._headers = {"x_session_id": "somebody"}
        self._access_token = ""
        self.called: set[tuple[str, str]] = set()

    def call(self, method: str, path: str, body: object = None, **parts: str) -> Any:
        self.called.add((method, path))
        headers = self._headers | ({"content_type": "application/json"} if body else {})
        content = json.dumps(body) if body else None
        answer = self._function.call(method, path.format(**parts), content, **headers)
        assert answer["statusCode"] in {200, 201, 204}, (method, path, answer["body"])
        return json.loads(answer["body"] or "null")

    def log_in(self, pool: UserPool) -> None:
        credentials = {"email": pool.owner.email, "password": pool.owner.password}
        session = self.call("POST", "/auth/login", credentials)
        body = {"refresh_token": session["refresh_token"]}
        self._headers["authorization"] = f"Bearer {session['id_token']}"
        self._access_token = self.call("POST", "/auth/refresh", body)["access_token"]

    def log_out(self) -> None:
        self.call("POST", "/auth/logout", {"access_token": self._access_token})

    def use_content(self, kind: Kind) -> None:
        item = f"{kind.base}/{{id}}"
        created = self.call("POST", kind.base, kind.body())
        key = {"id": created["id"]}
        self.call("PUT", item, kind.changes, **key)
        self.call("POST", f"{item}/publish", **key)
        assert self.call("GET", item, **key)["status"] == "PUBLISHED"
        assert self.call("GET", kind.base)["total"] == 1
        if "slug" in created:
            self.call("GET", f"{kind.base}/slug/{{slug}}", slug=created["slug"])
        self.use_views(kind.content_type, created["id"])
        self.call("POST", f"{item}/unpublish", **key)
        self.call("DELETE", item, **key)

    def use_views(self, content_type: str, content_id: str) -> None:
        viewed = {"type": content_type, "id": content_id}
        assert self.call("POST", "/analytics/track/{type}/{id}", **viewed)["views"] == 1
        self.call("GET", "/analytics/views/{type}/{id}", **viewed)
        self.call("GET", "/analytics/views/{type}", type=content_type)
        if content_type == "blog":
            self.call("GET", "/analytics/blog/{id}/stats", id=content_id)
        for name in ("top-content", "overview", "pages"):
            self.call("GET", f"/analytics/{name}")


@pytest.fixture
def pool(emulator: Emulator) -> UserPool:
    return create_user_pool(boto3.client("cognito-idp", **_administrator(emulator)))


@pytest.fixture
def environment(emulator: Emulator, pool: UserPool) -> dict[str, str]:
    table = f"package-tests-{uuid.uuid4().hex}"
    create_table(boto3.client("dynamodb", **_administrator(emulator)), table)
    return placeholder_environment() | {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "COGNITO_CLIENT_ID": pool.client_id,
        "COGNITO_USER_POOL_ID": pool.id,
        "DYNAMODB_TABLE_NAME": table,
    }


def _administrator(emulator: Emulator) -> dict[str, Any]:
    return {
        "aws_access_key_id": ACCESS_KEY,
        "aws_secret_access_key": ACCESS_KEY,
        "region_name": "us-east-1",
        "endpoint_url": emulator.endpoint,
        "config": Config(proxies={}),
    }


def test_every_operation_answers(task: Path, environment: dict[str, str], pool: UserPool) -> None:
    with run_function(task, environment) as function:
        caller = Caller(function)
        for path in _PUBLIC_READS:
            caller.call("GET", path)
        caller.call("POST", "/visitors/track")
        caller.log_in(pool)
        for kind in KINDS:
            caller.use_content(kind)
        for path in ("/visitors/trends/daily", "/visitors/trends/monthly"):
            caller.call("GET", path)
        caller.call("GET", "/analytics/views/total")
        assert caller.call("GET", "/auth/me")["email"] == pool.owner.email
        caller.log_out()
        seen = function.stop()
    assert caller.called == _documented_operations()
    assert (seen.compiled, seen.written) == ([], [])


def _documented_operations() -> set[tuple[str, str]]:
    schema = json.loads((BACKEND / "openapi.json").read_text())
    return {
        (method.upper(), path) for path, methods in schema["paths"].items() for method in methods
    }
