"""Names that a stage's resources share with the commands and the backend."""

from typing import Final

from infra.settings.files import PROJECT

LIVE: Final = "live"
"""The function's alias that the gateway calls."""

OWNER_GROUP: Final = "owner"
"""The user pool group whose members may write, which the backend knows too."""


def live_alias_urn(stack: str) -> str:
    """What a stack's state knows the alias by."""
    kind = "portfolio-api:components:Function$aws:lambda/alias:Alias"
    return f"urn:pulumi:{stack}::{PROJECT}::{kind}::function-{LIVE}"
