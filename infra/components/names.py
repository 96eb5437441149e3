"""Names shared by a stage's resources, the commands and the backend."""

from typing import Final

from infra.paths import PROJECT

LIVE: Final = "live"
"""The function's alias for the gateway."""

LIVE_VERSION: Final = "live_version"
"""The stack's output with the version behind the alias."""

OWNER_GROUP: Final = "owner"
"""The user pool group with permission to write; the backend has the same name."""

ROLE_ATTRIBUTE: Final = "custom:role"
"""The user attribute with the role that the frontend shows; it permits nothing."""

TOKEN_MINUTES: Final = 60
"""Minutes until an access token or an ID token expires; the function asks Cognito for neither."""


def live_alias_urn(stack: str) -> str:
    """Return the URN of the alias in a stack's state."""
    kind = f"{PROJECT}:components:Function$aws:lambda/alias:Alias"
    return f"urn:pulumi:{stack}::{PROJECT}::{kind}::function-{LIVE}"


def root_urn(stack: str) -> str:
    """Return the URN of a stack's root resource: it has the outputs."""
    return f"urn:pulumi:{stack}::{PROJECT}::pulumi:pulumi:Stack::{PROJECT}-{stack}"
