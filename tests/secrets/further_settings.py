"""The backend's settings with secrets of a stage: a required one and an optional one."""

from typing import Annotated

from pydantic import Field, SecretStr

from src.config import Settings


class FurtherSettings(Settings):
    """`Settings` as after an edit of backend/src/config.py."""

    mail_api_key: Annotated[SecretStr, Field(min_length=8)]
    map_key: SecretStr | None = None
