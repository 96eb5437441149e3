"""Health check of the function."""

from typing import Final, Literal

from fastapi import APIRouter

from src.api.routing import DEFAULT_RESPONSES
from src.models.base import ApiModel

PATHS: Final = {"/health": False, "/v1/health": True}
"""Paths of the operation; True if the schema has the path."""


class Health(ApiModel):
    """The answer of a running function."""

    status: Literal["healthy"] = "healthy"


async def get_health() -> Health:
    """Answer without a call to AWS."""
    return Health()


def add_health_routes(router: APIRouter) -> None:
    """Add the operation to the app's own router: its routes are found fastest."""
    for path, in_schema in PATHS.items():
        router.add_api_route(
            path,
            get_health,
            tags=["health"],
            responses=DEFAULT_RESPONSES,
            include_in_schema=in_schema,
        )
        router.add_api_route(path, get_health, methods=["HEAD"], include_in_schema=False)
