"""Dependencies of the routes: the settings, the AWS clients and the caller."""

from typing import Annotated

from fastapi import Depends, Security
from starlette.requests import Request

from src.config import Settings
from src.models.principal import Principal
from src.repositories.table import Table
from src.utils.bearer import BEARER, OPTIONAL_BEARER
from src.utils.errors import ForbiddenError, UnauthorizedError
from src.utils.services import Services


async def get_settings(request: Request) -> Settings:
    """Return the settings of the app."""
    settings: Settings = request.app.state.settings
    return settings


async def get_services(request: Request) -> Services:
    """Return the AWS clients and the token verifier of the app."""
    services: Services = request.app.state.services
    return services


SettingsDependency = Annotated[Settings, Depends(get_settings)]
ServicesDependency = Annotated[Services, Depends(get_services)]


async def get_table(services: ServicesDependency, settings: SettingsDependency) -> Table:
    """Return the stage's table."""
    return Table(services.dynamodb, settings.dynamodb_table_name)


TableDependency = Annotated[Table, Depends(get_table)]


def get_optional_principal(
    request: Request,
    services: ServicesDependency,
    token: Annotated[str | None, Security(OPTIONAL_BEARER)],
) -> Principal | None:
    """Return the caller, or None if no token was sent.

    Raises:
        UnauthorizedError: if the token is not valid.
    """
    return None if token is None else _verify(request, services, token)


def get_principal(
    request: Request,
    services: ServicesDependency,
    token: Annotated[str | None, Security(BEARER)],
) -> Principal:
    """Return the caller.

    Raises:
        UnauthorizedError: if no token was sent, or it is not valid.
    """
    if token is None:
        raise UnauthorizedError("This needs an access token: log in first.")
    return _verify(request, services, token)


def _verify(request: Request, services: Services, token: str) -> Principal:
    principal = services.token_verifier.verify(token)
    # The access log reads it.
    request.state.principal = principal
    return principal


OptionalPrincipal = Annotated[Principal | None, Depends(get_optional_principal)]
AnyPrincipal = Annotated[Principal, Depends(get_principal)]


async def get_owner(principal: AnyPrincipal) -> Principal:
    """Return the caller, who must be the owner.

    Raises:
        ForbiddenError: if the caller is not in the owner's group.
    """
    if not principal.is_owner:
        raise ForbiddenError("Only the owner may do this.")
    return principal


OwnerPrincipal = Annotated[Principal, Depends(get_owner)]
