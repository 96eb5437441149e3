"""Dependencies of the routes: the settings, the AWS clients and the caller."""

from functools import cached_property
from typing import Annotated, Final

from fastapi import Depends, Security
from starlette.requests import Request

from src.config import Settings
from src.models.principal import Principal
from src.repositories.table import Table
from src.utils.bearer import BEARER, OPTIONAL_BEARER
from src.utils.errors import ForbiddenError, UnauthorizedError
from src.utils.services import Services

NEEDS_TOKEN: Final = "This needs a valid ID token: log in, or refresh the token."  # noqa: S105
_READS: Final = frozenset({"GET", "HEAD"})


async def get_settings(request: Request) -> Settings:
    """Return the settings of the app."""
    settings: Settings = request.app.state.settings
    return settings


async def get_services(request: Request) -> Services:
    """Return the AWS clients and the token verifier of the app."""
    return _services(request)


SettingsDependency = Annotated[Settings, Depends(get_settings)]
ServicesDependency = Annotated[Services, Depends(get_services)]


async def get_table(request: Request) -> Table:
    """Return the stage's table.

    A read without an `Authorization` header may be a moment old, at half the price. A caller with
    the header sees what has just been written.
    """
    state = request.app.state
    table = Table(state.services.dynamodb, state.settings.dynamodb_table_name)
    is_public_read = request.method in _READS and "Authorization" not in request.headers
    return table.eventual() if is_public_read else table


TableDependency = Annotated[Table, Depends(get_table)]


class Caller:
    """The caller of a public operation; their token is verified on first use.

    Most answers are the same for everyone, so they need neither the token nor the signing keys.
    """

    def __init__(self, request: Request, token: str | None) -> None:
        self._request = request
        self._token = token

    @cached_property
    def principal(self) -> Principal | None:
        """The bearer of the token, or None without a valid one.

        Raises:
            ServiceUnavailableError: if the pool's keys cannot be read.
        """
        if self._token is None:
            return None
        try:
            return _verify(self._request, self._token)
        except UnauthorizedError:
            return None

    def is_owner(self) -> bool:
        """Return True if the caller may see drafts; raises as `principal` does."""
        return self.principal is not None and self.principal.is_owner

    def require_owner(self) -> None:
        """Do nothing if the caller is the owner; also raises as `principal` does.

        Raises:
            UnauthorizedError: if the caller has no valid token.
            ForbiddenError: if the caller is not in the owner's group.
        """
        if self.principal is None:
            raise UnauthorizedError(NEEDS_TOKEN)
        _check_owner(self.principal)


async def get_caller(
    request: Request,
    token: Annotated[str | None, Security(OPTIONAL_BEARER)],
) -> Caller:
    """Return the caller of a public operation."""
    return Caller(request, token)


def get_principal(
    request: Request,
    token: Annotated[str | None, Security(BEARER)],
) -> Principal:
    """Return the bearer of the required token.

    Raises:
        UnauthorizedError: if no token was sent, or it is not valid.
        ServiceUnavailableError: if the pool's keys cannot be read.
    """
    if token is None:
        raise UnauthorizedError(NEEDS_TOKEN)
    return _verify(request, token)


def _verify(request: Request, token: str) -> Principal:
    principal = _services(request).token_verifier.verify(token)
    # The access log reads it.
    request.state.principal = principal
    return principal


def _check_owner(principal: Principal) -> None:
    if not principal.is_owner:
        raise ForbiddenError("Only the owner may do this.")


CallerDependency = Annotated[Caller, Depends(get_caller)]
AnyPrincipal = Annotated[Principal, Depends(get_principal)]


async def get_owner(principal: AnyPrincipal) -> Principal:
    """Return the caller, who must be the owner.

    Raises:
        ForbiddenError: if the caller is not in the owner's group.
    """
    _check_owner(principal)
    return principal


OwnerPrincipal = Annotated[Principal, Depends(get_owner)]


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services
