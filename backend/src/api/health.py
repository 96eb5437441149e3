"""Health check of the function."""

from typing import Literal

from fastapi import APIRouter

from src.api.routing import DEFAULT_RESPONSES
from src.models.base import ApiModel


class Health(ApiModel):
    """The answer of a running function."""

    status: Literal["healthy"] = "healthy"


async def get_health() -> Health:
    """Answer without a call to AWS."""
    return Health()


def add_health_routes(router: APIRouter) -> None:
    """Add the operation to the app's own router: its routes are found fastest."""
    router.add_api_route("/health", get_health, tags=["health"], responses=DEFAULT_RESPONSES)
    router.add_api_route("/health", get_health, methods=["HEAD"], include_in_schema=False)
