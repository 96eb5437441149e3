"""What the function needs to know, read from its environment.

`Settings` is the one list of it: the Pulumi program holds the environment it builds
against this class during `pulumi preview`.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class LogLevel(StrEnum):
    """The levels of Python's logging that a stage can choose."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Settings(BaseSettings):
    """The function's settings; each field is an environment variable of the same name."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    environment: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    """The stage: `production`, `development`, `local`, `pr-12`."""

    aws_region: Annotated[str, Field(min_length=1)]
    """Set by Lambda itself."""

    dynamodb_table_name: Annotated[str, Field(min_length=3)]
    cognito_user_pool_id: Annotated[str, Field(pattern=r"^[\w-]+_[0-9a-zA-Z]+$")]
    cognito_client_id: Annotated[str, Field(min_length=1)]

    cors_origins: Annotated[tuple[str, ...], NoDecode]
    """The exact origins a browser may call from; a comma list in the environment."""

    log_level: LogLevel
    session_key: Annotated[SecretStr, Field(min_length=32)]
    """The key of the HMAC under which a visitor's session is stored."""

    aws_endpoint_url: str | None = None
    """Where every AWS API answers; set by the emulator itself, and nowhere on AWS."""

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        return value.split(",") if isinstance(value, str) else value

    @property
    def is_production(self) -> bool:
        """Whether this is the stage the world sees."""
        return self.environment == "production"
