"""Routes to log in, log out, and read the current user."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends

from src.api.routing import ApiRouter, error_responses
from src.dependencies import AnyPrincipal, ServicesDependency, SettingsDependency
from src.models.user import LoginInput, Message, Session, User
from src.repositories.users import UserRepository

router: Final = ApiRouter(prefix="/auth", tags=["auth"])


async def get_user_repository(
    services: ServicesDependency, settings: SettingsDependency
) -> UserRepository:
    """Return the repository of the stage's users."""
    return UserRepository(services.cognito, settings.cognito_client_id)


UserRepositoryDependency = Annotated[UserRepository, Depends(get_user_repository)]


@router.post("/login", responses=error_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN))
def log_in(
    credentials: LoginInput, users: UserRepositoryDependency, services: ServicesDependency
) -> Session:
    """Exchange an e-mail address and a password for an access token."""
    token = users.log_in(credentials.email, credentials.password.get_secret_value())
    principal = services.token_verifier.verify(token.value)
    return Session(user=users.get(principal), token=token.value, expires_in=token.expires_in)


@router.post("/logout")
def log_out(principal: AnyPrincipal, users: UserRepositoryDependency) -> Message:
    """Sign the user out everywhere."""
    users.log_out(principal)
    return Message(message="You are signed out everywhere.")


@router.get("/me")
def get_me(principal: AnyPrincipal, users: UserRepositoryDependency) -> User:
    """Return the user of the token, as Cognito knows them now."""
    return users.get(principal)
