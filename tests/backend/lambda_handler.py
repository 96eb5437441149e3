"""The real handler, imported as Lambda does: with nothing but its environment."""

import json
import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from infra.paths import BACKEND

if TYPE_CHECKING:
    from src.config import Settings

VISITOR: Final = f"203.0.113.{random.randint(1, 254)}"  # noqa: S311 - not a secret
"""A made-up address; tests/leaks.py finds it in the files that a run leaves."""

RUN_EVENTS: Final = """
import json, sys
from types import SimpleNamespace
from src.main import handler
context = SimpleNamespace(aws_request_id="lambda-id")
answers = [handler(event, context) for event in json.load(sys.stdin)]
"""


def make_event(method: str, path: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    """An HTTP API's event, payload 2.0."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        "requestContext": {
            "requestId": "gateway-id=",
            "stage": "$default",
            "http": {"method": method, "path": path, "sourceIp": VISITOR},
        },
        "isBase64Encoded": False,
    } | ({"body": body} if body is not None else {})


def handler_environment(settings: "Settings") -> dict[str, str]:
    coverage = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    return coverage | {
        "PATH": os.defpath,
        "PYTHONPATH": str(BACKEND),
        "ENVIRONMENT": settings.environment,
        "AWS_REGION": settings.aws_region,
        "AWS_ENDPOINT_URL": str(settings.aws_endpoint_url),
        # No real credentials: neither health nor the calls users make to Cognito need any.
        "AWS_ACCESS_KEY_ID": "placeholder",
        "AWS_SECRET_ACCESS_KEY": "placeholder",
        "DYNAMODB_TABLE_NAME": settings.dynamodb_table_name,
        "COGNITO_USER_POOL_ID": settings.cognito_user_pool_id,
        "COGNITO_CLIENT_ID": settings.cognito_client_id,
        "CORS_ORIGINS": ",".join(settings.cors_origins),
        "LOG_LEVEL": "DEBUG",
        "COUNTER_SHARDS": "64",
        "SESSION_KEY": settings.session_key.get_secret_value(),
    }


def fail_to_start(variables: dict[str, str]) -> str:
    """Import the handler with these variables alone; return the log of its failure."""
    process = subprocess.run(
        [sys.executable, "-c", "from src.main import handler"],
        env={"PATH": os.defpath, "PYTHONPATH": str(BACKEND), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode != 0
    return process.stdout + process.stderr


def run_events(
    environment: dict[str, str], *events: dict[str, Any]
) -> tuple[list[dict[str, Any]], str]:
    """The handler's answers, and everything it logged."""
    process = subprocess.run(
        [sys.executable, "-c", f"{RUN_EVENTS}print(json.dumps(answers))"],
        input=json.dumps(events),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    *log, answers = process.stdout.splitlines()
    return json.loads(answers), "\n".join(log) + process.stderr
