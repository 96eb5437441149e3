"""A stage of nothing but a table, on the shared emulator."""

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from portfolio.local.emulator import ACCESS_KEY
from tests.backend.app_settings import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_dynamodb import DynamoDBClient

    from portfolio.local.emulator import Emulator
    from tests.content.content_files import ContentStage


@pytest.fixture(scope="session")
def dynamodb(emulator: "Emulator") -> "DynamoDBClient":
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
    return session.client("dynamodb", endpoint_url=emulator.endpoint, config=Config(proxies={}))


@pytest.fixture
def stage(dynamodb: "DynamoDBClient", emulator: "Emulator") -> "Iterator[ContentStage]":
    from tests.content.content_files import announced_stage  # noqa: PLC0415 - slow imports

    with announced_stage(dynamodb, emulator) as announced:
        yield announced


@pytest.fixture
def other_stage(dynamodb: "DynamoDBClient", emulator: "Emulator") -> "Iterator[ContentStage]":
    from tests.content.content_files import announced_stage  # noqa: PLC0415 - slow imports

    with announced_stage(dynamodb, emulator) as announced:
        yield announced
