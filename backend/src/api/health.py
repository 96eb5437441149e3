"""The name of the API, and the health check of the function."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request

from src import TITLE
from src.api.docs import DOCS_PATH
from src.api.routing import DEFAULT_RESPONSES, StrictRoute
from src.models.base import ApiModel

_Version = Annotated[str, Field(description="The version of the API.", examples=["1.0.0"])]


class Health(ApiModel):
    """The answer of a running function."""

    status: Literal["healthy"] = "healthy"
    version: _Version
    environment: Annotated[str, Field(description="The name of the stage.", examples=["dev"])]


class Welcome(ApiModel):
    """The name of the API, and the place of its documentation."""

    message: Annotated[str, Field(examples=[TITLE])]
    version: _Version
    docs: Annotated[
        str | None,
        Field(description="The path of the documentation; null in production.", examples=["/docs"]),
    ]


async def get_health(request: Request) -> Health:
    """Answer without a call to AWS."""
    # A dependency for the settings would take a tenth of the time.
    app = request.app
    return Health(version=app.version, environment=app.state.settings.environment)


async def get_welcome(request: Request) -> Welcome:
    """Name the API, its version and its documentation."""
    app = request.app
    docs = None if app.state.settings.is_production else DOCS_PATH
    return Welcome(message=app.title, version=app.version, docs=docs)


def add_health_routes(router: APIRouter) -> None:
    """Add the operations to the app's own router: its routes are found fastest."""
    options: Final[dict[str, Any]] = {
        "tags": ["health"],
        "responses": DEFAULT_RESPONSES,
        "route_class_override": StrictRoute,
    }
    router.add_api_route("/health", get_health, **options)
    router.add_api_route("/", get_welcome, **options)
