"""The FastAPI app, with its routes, middleware and error handlers."""

from typing import TYPE_CHECKING, Any, override

from fastapi import FastAPI

from src import SITE, TITLE, __version__
from src.api import analytics, auth, visitors
from src.api.docs import add_docs_routes
from src.api.errors import add_error_handlers
from src.api.health import add_health_routes
from src.api.kinds import KINDS
from src.api.middleware import build_middleware
from src.api.openapi import complete_schema
from src.api.routing import operation_id
from src.utils.services import Services

if TYPE_CHECKING:
    from src.config import Settings


class PortfolioApi(FastAPI):
    """FastAPI with a completed OpenAPI schema; the gateway's routes are made from it."""

    @override
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = complete_schema(super().openapi())
        return self.openapi_schema


def create_app(settings: "Settings") -> FastAPI:
    """Make the app of a stage; it contacts nothing before the first request."""
    public_docs = not settings.is_production
    app = PortfolioApi(
        title=TITLE,
        summary=f"The API behind {SITE}.",
        version=__version__,
        # FastAPI's own pages need the internet, and read a body of any size.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # A stage is traced by Lambda's X-Ray, not by OpenTelemetry.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=operation_id,
        middleware=build_middleware(settings),
    )
    app.state.settings = settings
    app.state.services = Services(settings)
    add_error_handlers(app)
    add_health_routes(app.router)
    if public_docs:
        add_docs_routes(app)
    kinds = [kind.router for kind in KINDS]
    for router in (auth.router, *kinds, visitors.router, analytics.router):
        # `include_router` would build each route a second time, when the first request comes.
        app.router.routes.extend(router.routes)
    return app
