"""Routes to log in, refresh tokens, log out, and read the current user."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.requests import Request

from src.api.routing import ApiRouter, error_responses
from src.dependencies import AnyPrincipal, ServicesDependency, SettingsDependency
from src.models.user import LoginInput, Message, RefreshInput, Session, User
from src.repositories.users import UserRepository
from src.utils.strict_json import TooManyKeysError, read_object

router: Final = ApiRouter(prefix="/auth", tags=["auth"])

_LOGOUT_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "access_token": {
                            "type": "string",
                            "description": "The caller's own, to sign them out everywhere.",
                            "examples": ["eyJraWQiOiJhIn0.eyJzdWIiOiJiIn0.c2lnbmF0dXJl"],
                        }
                    },
                }
            }
        }
    }
}


async def get_user_repository(
    services: ServicesDependency, settings: SettingsDependency
) -> UserRepository:
    """Return the repository of the stage's users."""
    return UserRepository(services.cognito, settings.cognito_client_id)


async def get_access_token(request: Request) -> str | None:
    """Return the text `access_token` of a JSON body; any other body counts as none.

    Raises:
        ContentTooLargeError: if the body is above the limit.
    """
    body = await request.body()
    try:
        token = read_object(body).get("access_token")
    except TooManyKeysError:
        return None
    return token if isinstance(token, str) else None


UserRepositoryDependency = Annotated[UserRepository, Depends(get_user_repository)]


@router.post("/login", responses=error_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))
def log_in(credentials: LoginInput, users: UserRepositoryDependency) -> Session:
    """Exchange an e-mail address and a password for tokens."""
    return users.log_in(credentials.email, credentials.password.get_secret_value())


@router.post("/refresh", responses=error_responses(HTTPStatus.UNAUTHORIZED))
def refresh_tokens(body: RefreshInput, users: UserRepositoryDependency) -> Session:
    """Exchange a refresh token for new access and ID tokens."""
    return users.refresh(body.refresh_token)


@router.get("/me")
async def get_me(principal: AnyPrincipal) -> User:
    """Return the user of the ID token, as the token describes them."""
    return User.of(principal)


@router.post("/logout", openapi_extra=_LOGOUT_BODY)
def log_out(
    access_token: Annotated[str | None, Depends(get_access_token)],
    principal: AnyPrincipal,
    users: UserRepositoryDependency,
    services: ServicesDependency,
) -> Message:
    """Sign the user out everywhere, if the body has their access token."""
    if (
        access_token
        and services.token_verifier.is_access_token_of(principal, access_token)
        and users.sign_out_everywhere(access_token)
    ):
        return Message(message="You are signed out everywhere.")
    return Message(message="You are signed out on this device.")
