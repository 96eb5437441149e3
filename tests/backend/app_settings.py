"""Settings of an app on the emulator, and credentials as from Lambda."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from pydantic import SecretStr

from portfolio.local.emulator import ACCESS_KEY
from src import SITE
from src.config import LogLevel, Settings

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator
    from tests.backend.accounts import UserPool

REGION: Final = "us-east-1"


def make_settings(emulator: "Emulator", pool: "UserPool", table_name: str) -> Settings:
    return Settings(
        environment="test",
        aws_region=REGION,
        aws_endpoint_url=emulator.endpoint,
        dynamodb_table_name=table_name,
        cognito_user_pool_id=pool.id,
        cognito_client_id=pool.client_id,
        cors_origins=(f"https://{SITE}", "http://localhost:5173"),
        log_level=LogLevel.INFO,
        counter_shards=64,
        session_key=SecretStr("0123456789abcdef0123456789abcdef"),
    )


@contextmanager
def function_credentials() -> Generator[None]:
    """Put the function's credentials into the environment, as Lambda does."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        environment.setenv("AWS_SECRET_ACCESS_KEY", ACCESS_KEY)
        yield
