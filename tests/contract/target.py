"""The targets of the contract suite: the app in-process, the local stage, any stage by URL."""

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import httpx

from portfolio.probe.run_suite import find_origin
from tests.backend.accounts import Account, create_account, invite_account

if TYPE_CHECKING:
    from tests.local_stage import ServedStage


@dataclass(frozen=True)
class Credentials:
    """A user's e-mail and password."""

    email: str
    password: str

    name: str | None = None
    """The user's name at Cognito, if there is one."""

    @classmethod
    def of(cls, account: Account) -> Self:
        """Return the credentials of an account."""
        return cls(account.email, account.password, account.name)


@dataclass(frozen=True)
class Target:
    """A running API and its users; a missing user is None."""

    url: str
    """The API's address, without a slash at its end."""

    is_ours_alone: bool
    """True if only the tests call it: nobody else changes counters or users."""

    gateway_answers_preflights: bool
    gateway_checks_tokens: bool
    """The gateway refuses missing and bad tokens; the function does not see them."""

    origin: str
    """One of the stage's CORS origins."""

    owner: Credentials | None
    user: Credentials | None
    """A user without a group; the tests sign them out everywhere."""

    invited: Credentials | None
    """A user with a temporary password."""

    may_write: bool = True
    """False to skip each test at its first request that could write."""

    transport: httpx.BaseTransport | None = None
    """Takes the requests in place of the network."""


def open_local_target(served: "ServedStage", *, gateway_checks_tokens: bool) -> Target:
    """Make users on a local stage, and return it."""
    stage = served.stage
    cognito, pool = stage.code.clients.cognito, stage.outputs["user_pool_id"]
    return Target(
        url=served.url,
        is_ours_alone=True,
        gateway_answers_preflights=True,
        gateway_checks_tokens=gateway_checks_tokens,
        origin="http://localhost:5173",
        owner=Credentials(stage.owner.email, stage.owner.password, "Local Owner"),
        user=Credentials.of(create_account(cognito, pool)),
        invited=Credentials.of(invite_account(cognito, pool)),
    )


def find_remote_target() -> Target:
    """Return the stage at `API_URL`, with the users in the environment."""
    url = os.environ["API_URL"].rstrip("/")
    return Target(
        url=url,
        is_ours_alone=False,
        gateway_answers_preflights=True,
        gateway_checks_tokens=False,
        origin=find_origin(url),
        may_write=os.environ.get("CONTRACT_WRITES") != "no",
        owner=_credentials("OWNER"),
        user=_credentials("USER"),
        invited=_credentials("INVITED"),
    )


def find_authorizer(target: Target) -> Target:
    """Return the target with `gateway_checks_tokens` as found by a call without a token."""
    answer = httpx.get(f"{target.url}/auth/me", timeout=35)
    is_of_gateway = answer.json() == {"message": "Unauthorized"}
    return replace(target, gateway_checks_tokens=is_of_gateway)


def _credentials(prefix: str) -> Credentials | None:
    email, password = (os.environ.get(f"{prefix}_{name}") for name in ("EMAIL", "PASSWORD"))
    return Credentials(email, password) if email and password else None
