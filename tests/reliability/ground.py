"""A table and a user pool on the emulator, for promises and their tests."""

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from portfolio.local.emulator import ACCESS_KEY, Emulator
from tests.backend.accounts import UserPool, create_user_pool
from tests.backend.app_settings import REGION
from tests.backend.dynamodb_tables import create_table

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class Ground:
    """An empty table of the stage's form on a running emulator."""

    emulator: Emulator
    session: boto3.Session
    """A session of the emulator's administrator."""

    table_name: str

    def client(self, **config: Any) -> "DynamoDBClient":
        """Return a client of its own for the table, with these settings of botocore."""
        return self.session.client(
            "dynamodb",
            endpoint_url=self.emulator.endpoint,
            config=Config(proxies={}, **config),
        )

    def cognito(self) -> "CognitoIdentityProviderClient":
        """Return a client for user pools."""
        return self.session.client(
            "cognito-idp", endpoint_url=self.emulator.endpoint, config=Config(proxies={})
        )

    def create_pool(self) -> UserPool:
        """Make a user pool with an owner."""
        return create_user_pool(self.cognito())


@contextmanager
def open_ground(emulator: Emulator) -> Generator[Ground]:
    """Make a table on an emulator, and delete it at the end of the block."""
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
    ground = Ground(emulator, session, f"reliability-{uuid.uuid4().hex}")
    client = ground.client()
    create_table(client, ground.table_name)
    try:
        yield ground
    finally:
        client.delete_table(TableName=ground.table_name)
