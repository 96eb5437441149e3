"""Users and their sessions."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, SecretStr

from src.models.base import ApiModel, InputModel

_EMAIL_PATTERN: Final = "^[!-?A-~]+@[!-?A-~]+$"
"""Printable ASCII around one @. Whether there is such a user, Cognito knows: a stricter look
would take email-validator, and every cold start its import."""


class Role(StrEnum):
    """What a user may do."""

    OWNER = "owner"
    PUBLIC = "public"


class User(ApiModel):
    """A user, as the frontend shows them."""

    id: Annotated[
        str,
        Field(
            description="The user's `sub` at Cognito.",
            examples=["b4a8e4f8-2031-70a1-9a3c-5d1f0e6c7b21"],
        ),
    ]
    email: Annotated[str, Field(examples=["owner@example.com"])]
    name: Annotated[
        str,
        Field(
            description="Where the user has none, the part of the e-mail before the @.",
            examples=["Olive Owner"],
        ),
    ]
    role: Role


class LoginInput(InputModel):
    """Who wants to log in; the bounds are Cognito's own."""

    email: Annotated[
        str, Field(max_length=128, pattern=_EMAIL_PATTERN, examples=["owner@example.com"])
    ]
    password: Annotated[SecretStr, Field(max_length=256, examples=["correct horse battery"])]


class Session(ApiModel):
    """A user who has just logged in."""

    user: User
    token: Annotated[
        str,
        Field(
            description="The access token, to be sent as `Authorization: Bearer <token>`.",
            examples=["eyJraWQiOiJhIn0.eyJzdWIiOiJiIn0.c2lnbmF0dXJl"],
        ),
    ]
    expires_in: Annotated[
        int, Field(description="Seconds for which the token is good.", examples=[3600])
    ]


class Message(ApiModel):
    """A sentence for a person."""

    message: Annotated[str, Field(examples=["You are signed out everywhere."])]
