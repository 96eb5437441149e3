"""The app in this process, behind its Lambda handler, on the emulator's DynamoDB and Cognito.

Every answer is checked against the OpenAPI schema too.
"""

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast, override

import boto3
import httpx
import schemathesis
from botocore.config import Config

from infra.paths import OPENAPI
from portfolio.local.emulator import ACCESS_KEY
from src import SITE
from src.app import create_app
from tests.backend.accounts import create_user_pool, invite_account
from tests.backend.app_settings import REGION, function_credentials, make_settings
from tests.backend.dynamodb_tables import create_table
from tests.backend.lambda_client import LambdaTransport, open_handler
from tests.contract.target import Credentials, Target

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator
    from src.config import Settings
    from tests.backend.accounts import Account, UserPool


class SchemaCheckedTransport(httpx.BaseTransport):
    """A transport; it fails the test if a body breaks the schema of its status."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport
        # Its types leave parameters open.
        self._schema = cast("Any", schemathesis.openapi.from_path(OPENAPI))

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._transport.handle_request(request)
        operation = self._schema.find_operation_by_path(request.method, request.url.path)
        # Schemathesis takes HEAD for GET, and misses its body.
        if operation is not None and request.method != "HEAD":
            # Else the client sets both, but later.
            response.request, response.elapsed = request, timedelta()
            operation.validate_response(response)
        return response


@contextmanager
def open_app_target(emulator: "Emulator") -> Generator[Target]:
    """Make a user pool, a table and the app; drop the table on the way out."""
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
    config, endpoint = Config(proxies={}), emulator.endpoint
    cognito = session.client("cognito-idp", endpoint_url=endpoint, config=config)
    dynamodb = session.client("dynamodb", endpoint_url=endpoint, config=config)
    pool, table_name = create_user_pool(cognito), f"contract-{uuid.uuid4().hex}"
    create_table(dynamodb, table_name)
    with function_credentials():
        invited = invite_account(cognito, pool.id)
        yield from _serve(make_settings(emulator, pool, table_name), pool, invited)
    dynamodb.delete_table(TableName=table_name)


def _serve(settings: "Settings", pool: "UserPool", invited: "Account") -> Generator[Target]:
    with open_handler(create_app(settings)) as invoke:
        yield Target(
            url=f"https://api.{SITE}",
            transport=SchemaCheckedTransport(LambdaTransport(invoke)),
            is_ours_alone=True,
            gateway_answers_preflights=False,
            gateway_checks_tokens=False,
            origin=settings.cors_origins[0],
            owner=Credentials.of(pool.owner),
            user=Credentials.of(pool.user),
            invited=Credentials.of(invited),
        )
