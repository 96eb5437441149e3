"""The owner of each new local stage: a user with the right to write."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infra.errors import LocalStageError, OwnerError
from infra.settings.files import LOCAL
from portfolio.owners.passwords import generate_password
from portfolio.owners.pool import UserPool

if TYPE_CHECKING:
    from portfolio.local.clients import EmulatorClients

OWNER_EMAIL: Final = "owner@example.com"


@dataclass(frozen=True)
class Owner:
    """The credentials of an owner."""

    email: str
    password: str


def create_owner(
    clients: "EmulatorClients", pool: str, password: str | None, name: str | None = "Local Owner"
) -> Owner:
    """Create the owner with this password, or with a random one.

    Args:
        clients: the emulator's clients.
        pool: the user pool's id.
        password: the password; an existing owner gets it too.
        name: the name on the site; None keeps an existing one.

    Raises:
        LocalStageError: if the pool's policy refuses the password.
    """
    owner = Owner(OWNER_EMAIL, password or generate_password())
    try:
        UserPool(clients.cognito, pool, LOCAL).create(owner.email, owner.password, name)
    except OwnerError as error:
        raise LocalStageError(f"OWNER_PASSWORD is refused: {error}") from None
    return owner
