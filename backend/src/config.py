"""The function's settings, read from its environment variables.

`Settings` is the only list of them. `pulumi preview` compares the environment of the Pulumi
program with this class.
"""

import re
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_ORIGIN: Final = re.compile(r"(?P<scheme>https?)://[a-z0-9.-]+(:(?P<port>[1-9][0-9]{0,4}))?|\*")
_DEFAULT_PORTS: Final = frozenset({("http", "80"), ("https", "443")})


def _check_origin(origin: str) -> str:
    """Refuse texts unlike the `Origin` header of a browser; they would allow nobody."""
    found = _ORIGIN.fullmatch(origin)
    if not found:
        raise ValueError("must be an origin such as https://example.com, without a path")
    if (found["scheme"], found["port"]) in _DEFAULT_PORTS:
        raise ValueError("must leave out the default port, as browsers do")
    return origin


class LogLevel(StrEnum):
    """Log levels of a stage, as Python's logging names them."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Settings(BaseSettings):
    """The function's settings; each field is read from the environment variable of its name."""

    # An error without this shows the environment, with the session key in it.
    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    environment: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    """Name of the stage: `production`, `development`, `local`, `pr-12`."""

    aws_region: Annotated[str, Field(min_length=1)]
    """The AWS region; Lambda itself sets it."""

    dynamodb_table_name: Annotated[str, Field(min_length=3)]
    cognito_user_pool_id: Annotated[str, Field(pattern=r"^[\w-]+_[0-9a-zA-Z]+$")]
    cognito_client_id: Annotated[str, Field(min_length=1)]

    cors_origins: Annotated[tuple[Annotated[str, AfterValidator(_check_origin)], ...], NoDecode]
    """Exact origins of browsers with access, or `*`; separated by commas in the environment."""

    log_level: LogLevel
    counter_shards: Annotated[int, Field(ge=64, le=512, multiple_of=64)]
    """Number of items that each count of views and visits is spread over, 64 under each key."""

    session_key: Annotated[SecretStr, Field(min_length=32)]
    """HMAC key for visitors' sessions; the table stores only the HMAC."""

    aws_endpoint_url: str | None = None
    """Address of every AWS API; only the emulator sets it."""

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return [origin.strip() for origin in value.split(",")]
        return value

    @property
    def is_production(self) -> bool:
        """True for the public stage, `production`."""
        return self.environment == "production"
