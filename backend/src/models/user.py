"""Bodies of users and logins."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, SecretStr

from src.models.base import ApiModel, InputModel

_EMAIL_PATTERN: Final = "^[!-?A-~]+@[!-?A-~]+$"
"""Printable ASCII around one @. Cognito knows the users, so a stricter check is not needed.

It would add the import of email-validator to every cold start.
"""


class Role(StrEnum):
    """The role of a user."""

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
            description="The user's name, or the part of the e-mail before the @.",
            examples=["Olive Owner"],
        ),
    ]
    role: Role


class LoginInput(InputModel):
    """The credentials of a login; the limits are Cognito's own."""

    email: Annotated[
        str, Field(max_length=128, pattern=_EMAIL_PATTERN, examples=["owner@example.com"])
    ]
    password: Annotated[SecretStr, Field(max_length=256, examples=["correct horse battery"])]


class Session(ApiModel):
    """The result of a login."""

    user: User
    token: Annotated[
        str,
        Field(
            description="The access token; send it as `Authorization: Bearer <token>`.",
            examples=["eyJraWQiOiJhIn0.eyJzdWIiOiJiIn0.c2lnbmF0dXJl"],
        ),
    ]
    expires_in: Annotated[
        int, Field(description="Lifetime of the token, in seconds.", examples=[3600])
    ]


class Message(ApiModel):
    """A sentence for the user."""

    message: Annotated[str, Field(examples=["You are signed out everywhere."])]
