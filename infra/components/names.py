"""The function's alias that the gateway calls."""

from typing import Final

from infra.settings.files import PROJECT

LIVE: Final = "live"
"""Its name."""


def live_alias_urn(stack: str) -> str:
    """What a stack's state knows the alias by."""
    kind = "portfolio-api:components:Function$aws:lambda/alias:Alias"
    return f"urn:pulumi:{stack}::{PROJECT}::{kind}::function-{LIVE}"
