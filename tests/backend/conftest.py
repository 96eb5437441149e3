"""The app over the emulator's real DynamoDB and Cognito, and the repositories over any DynamoDB."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import boto3
import httpx
import pytest
from botocore.config import Config

from portfolio.local.emulator import ACCESS_KEY, Emulator
from src.app import create_app
from tests.backend.accounts import UserPool, bearer, create_user_pool, id_token
from tests.backend.app_client import connect
from tests.backend.app_settings import REGION, function_credentials, make_settings
from tests.backend.dynamodb_tables import create_table
from tests.real.dynamodb_local.server import DynamoDBLocalUnavailableError, run_dynamodb_local

if TYPE_CHECKING:
    from fastapi import FastAPI
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient

    from src.config import Settings


@pytest.fixture(scope="session")
def aws() -> boto3.Session:
    """The emulator's administrator."""
    return boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)


@pytest.fixture(scope="session")
def cognito(aws: boto3.Session, emulator: Emulator) -> "CognitoIdentityProviderClient":
    config = Config(proxies={})
    return aws.client("cognito-idp", endpoint_url=emulator.endpoint, config=config)


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    with ExitStack() as stack:
        try:
            endpoint = stack.enter_context(run_dynamodb_local())
        except DynamoDBLocalUnavailableError as error:
            pytest.skip(str(error))
        yield endpoint


@pytest.fixture(scope="module")
def dynamodb_endpoint(request: pytest.FixtureRequest) -> str:
    """The emulator's, unless `tests.backend.dynamodb_tables` says otherwise."""
    if getattr(request, "param", "emulator") == "dynamodb-local":
        endpoint: str = request.getfixturevalue("dynamodb_local")
        return endpoint
    emulator: Emulator = request.getfixturevalue("emulator")
    return emulator.endpoint


@pytest.fixture(scope="module")
def dynamodb(aws: boto3.Session, dynamodb_endpoint: str) -> "DynamoDBClient":
    return aws.client("dynamodb", endpoint_url=dynamodb_endpoint, config=Config(proxies={}))


@pytest.fixture
def own_client(aws: boto3.Session, dynamodb_endpoint: str) -> "DynamoDBClient":
    """A client for a test to observe; it tries twice at most, with a short pause."""
    config = Config(proxies={}, retries={"total_max_attempts": 2})
    return aws.client("dynamodb", endpoint_url=dynamodb_endpoint, config=config)


@pytest.fixture(scope="session")
def pool(cognito: "CognitoIdentityProviderClient") -> UserPool:
    return create_user_pool(cognito)


@pytest.fixture(scope="module")
def table_name(dynamodb: "DynamoDBClient") -> Iterator[str]:
    """A table for each module, and for each DynamoDB it is tested on."""
    name = f"backend-tests-{uuid.uuid4().hex}"
    create_table(dynamodb, name)
    yield name
    dynamodb.delete_table(TableName=name)


@pytest.fixture(scope="module")
def settings(emulator: Emulator, pool: UserPool, table_name: str) -> "Settings":
    return make_settings(emulator, pool, table_name)


@pytest.fixture(scope="module", autouse=True)
def credentials() -> Iterator[None]:
    with function_credentials():
        yield


@pytest.fixture(scope="module")
def app(settings: "Settings") -> "FastAPI":
    return create_app(settings)


@pytest.fixture(scope="module")
def client(app: "FastAPI") -> Iterator[httpx.Client]:
    """Calls the module's app: `client.get("/health")`."""
    with connect(app) as connected:
        yield connected


@pytest.fixture(scope="session")
def owner_headers(cognito: "CognitoIdentityProviderClient", pool: UserPool) -> dict[str, str]:
    return bearer(id_token(cognito, pool, pool.owner))


@pytest.fixture(scope="session")
def user_headers(cognito: "CognitoIdentityProviderClient", pool: UserPool) -> dict[str, str]:
    return bearer(id_token(cognito, pool, pool.user))
