"""Users and their sessions."""

from enum import StrEnum
from typing import Annotated

from pydantic import EmailStr, Field, SecretStr

from src.models.base import ApiModel, InputModel


class Role(StrEnum):
    """What a user may do."""

    OWNER = "owner"
    PUBLIC = "public"


class User(ApiModel):
    """A user, as the frontend shows them."""

    id: str
    """The Cognito `sub`."""

    email: str
    name: str
    role: Role


class LoginInput(InputModel):
    """Who wants to log in; the bounds are Cognito's own."""

    email: Annotated[EmailStr, Field(max_length=128)]
    password: Annotated[SecretStr, Field(max_length=256)]


class Session(ApiModel):
    """A user who has just logged in."""

    user: User
    token: str
    """The access token, to be sent as `Authorization: Bearer`."""

    expires_in: int
    """Seconds the token is good for."""


class Message(ApiModel):
    """A sentence for a person."""

    message: str
