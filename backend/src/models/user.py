"""Bodies of users, logins and tokens; their keys are Cognito's, not camelCase."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, SecretStr

from src.models.base import ApiModel, InputModel

if TYPE_CHECKING:
    from src.models.principal import Principal

_EMAIL_PATTERN: Final = r"^\s*[!-?A-~]+@[!-?A-~]+\s*$"
"""Printable ASCII around one @. Cognito knows the users, so a stricter check is not needed.

It would add the import of email-validator to every cold start.
"""

_MAX_REFRESH_TOKEN: Final = 16_384
"""Maximum characters of a refresh token; Cognito's have about 1,800."""

_TOKEN_EXAMPLE: Final = "eyJraWQiOiJhIn0.eyJzdWIiOiJiIn0.c2lnbmF0dXJl"  # noqa: S105
_SUBJECT_EXAMPLE: Final = "b4a8e4f8-2031-70a1-9a3c-5d1f0e6c7b21"


def _trim(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class Role(StrEnum):
    """The role of a user."""

    OWNER = "owner"
    PUBLIC = "public"


class User(ApiModel):
    """A user, as the frontend shows them."""

    model_config = ConfigDict(alias_generator=None)

    sub: Annotated[str, Field(description="The user's id at Cognito.", examples=[_SUBJECT_EXAMPLE])]
    email: Annotated[str, Field(examples=["owner@example.com"])]
    name: Annotated[
        str,
        Field(
            description="The user's name, or the part of the e-mail before the @.",
            examples=["Olive Owner"],
        ),
    ]
    custom_role: Annotated[Role, Field(alias="custom:role", description="The same as `role`.")]
    username: Annotated[
        str,
        Field(
            alias="cognito:username",
            description="The user's name in the user pool.",
            examples=[_SUBJECT_EXAMPLE],
        ),
    ]
    email_verified: Annotated[bool, Field(examples=[True])]
    id: Annotated[str, Field(description="The same as `sub`.", examples=[_SUBJECT_EXAMPLE])]
    user_id: Annotated[str, Field(description="The same as `sub`.", examples=[_SUBJECT_EXAMPLE])]
    role: Annotated[Role, Field(description="`owner` for the members of the group `owner`.")]

    @classmethod
    def of(cls, principal: "Principal") -> Self:
        """Return the user of a verified ID token."""
        role = Role.OWNER if principal.is_owner else Role.PUBLIC
        return cls(
            sub=principal.subject,
            email=principal.email,
            name=principal.name,
            custom_role=role,
            username=principal.username,
            email_verified=principal.is_email_verified,
            id=principal.subject,
            user_id=principal.subject,
            role=role,
        )


class LoginInput(InputModel):
    """The credentials of a login; the limits are Cognito's own."""

    email: Annotated[
        str,
        Field(
            max_length=128,
            pattern=_EMAIL_PATTERN,
            description="Case and surrounding blanks do not matter.",
            examples=["owner@example.com"],
        ),
        BeforeValidator(_trim),
    ]
    password: Annotated[SecretStr, Field(max_length=256, examples=["correct horse battery"])]


class RefreshInput(InputModel):
    """The refresh token of a login."""

    model_config = ConfigDict(alias_generator=None)

    refresh_token: Annotated[
        str, Field(max_length=_MAX_REFRESH_TOKEN, repr=False, examples=[_TOKEN_EXAMPLE])
    ]


class Session(ApiModel):
    """The tokens of a login."""

    model_config = ConfigDict(alias_generator=None)

    access_token: Annotated[
        str, Field(description="For `POST /auth/logout`.", examples=[_TOKEN_EXAMPLE])
    ]
    id_token: Annotated[
        str,
        Field(
            description="The token to send as `Authorization: Bearer <ID token>`.",
            examples=[_TOKEN_EXAMPLE],
        ),
    ]
    refresh_token: Annotated[
        str,
        Field(description="For `POST /auth/refresh`; valid 30 days.", examples=[_TOKEN_EXAMPLE]),
    ]
    token_type: Literal["Bearer"]
    expires_in: Annotated[
        int,
        Field(description="Lifetime of the access and ID tokens, in seconds.", examples=[3600]),
    ]


class Message(ApiModel):
    """A sentence for the user."""

    message: Annotated[str, Field(examples=["You are signed out everywhere."])]
