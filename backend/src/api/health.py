"""Whether the function answers at all."""

from typing import Final, Literal

from fastapi import APIRouter

from src.api.routing import DEFAULT_RESPONSES
from src.models.base import ApiModel

PATHS: Final = {"/health": False, "/v1/health": True}
"""Where the operation is, and whether the schema has it there."""


class Health(ApiModel):
    """The answer of a function that runs."""

    status: Literal["healthy"] = "healthy"


async def get_health() -> Health:
    """Say that the function answers; nothing behind it is asked."""
    return Health()


def add_health_routes(router: APIRouter) -> None:
    """Add the operation to the app's own router, which is the quickest to find a route."""
    for path, in_schema in PATHS.items():
        router.add_api_route(
            path,
            get_health,
            tags=["health"],
            responses=DEFAULT_RESPONSES,
            include_in_schema=in_schema,
        )
        router.add_api_route(path, get_health, methods=["HEAD"], include_in_schema=False)
