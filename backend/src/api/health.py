"""Whether the function answers at all."""

from typing import Final, Literal

from src.api.routing import ApiRouter
from src.models.base import ApiModel

router: Final = ApiRouter(tags=["health"])


class Health(ApiModel):
    """The answer of a function that runs."""

    status: Literal["healthy"] = "healthy"


@router.get("/health")
async def get_health() -> Health:
    """Say that the function answers; nothing behind it is asked."""
    return Health()


router.add_api_route("/health", get_health, methods=["HEAD"], include_in_schema=False)
