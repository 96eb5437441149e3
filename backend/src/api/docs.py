"""`/openapi.json`, and the pages `/docs` (Swagger UI) and `/redoc` without other hosts.

Their scripts and styles are files of the package `fastapi-standalone-docs`, which is not in
production's zip.
"""

import secrets
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final, override

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Match, Route

from src.api.body_limit import refuse_large_body
from src.api.caching import keep_for_a_minute

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Scope

    from src.api.body_limit import Endpoint

_ASSETS: Final = {
    "/docs/swagger-ui.css": ("swagger", "text/css"),
    "/docs/swagger-ui-bundle.js": ("swagger", "text/javascript"),
    "/redoc/redoc.standalone.js": ("redoc", "text/javascript"),
    "/redoc/logo-mini.svg": ("redoc", "image/svg+xml"),
}
"""The files of the pages, with their folder in the package and their media type."""

_SWAGGER_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "connect-src 'self'; img-src 'self' data:; script-src 'nonce-{nonce}'; "
    "style-src 'nonce-{nonce}'"
)
"""The Content-Security-Policy of `/docs`: our scripts and styles, and calls of this stage."""

_REDOC_POLICY: Final = (
    f"{_SWAGGER_POLICY} 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='; worker-src blob:"
)
"""The same for `/redoc`: Redoc searches in a worker, and adds two styles without the nonce."""

DOCS_PATH: Final = "/docs"
"""The path of Swagger UI."""

_PAGES: Final = {
    DOCS_PATH: ("swagger-ui.html", _SWAGGER_POLICY),
    "/redoc": ("redoc.html", _REDOC_POLICY),
}
"""The pages, with their files in this package and their policies."""


def add_docs_routes(app: "FastAPI") -> None:
    """Add the schema, the pages and their files; the files are read when they are requested."""
    endpoints = {
        "/openapi.json": get_schema,
        **{path: _page_endpoint(file, policy) for path, (file, policy) in _PAGES.items()},
        **{
            path: _asset_endpoint(folder, path.rpartition("/")[2], media_type)
            for path, (folder, media_type) in _ASSETS.items()
        },
    }
    for path, endpoint in endpoints.items():
        route = _LoggedRoute(path, refuse_large_body(endpoint), include_in_schema=False)
        app.router.routes.append(route)


class _LoggedRoute(Route):
    """A route with its path in the access log, as FastAPI's own routes have it."""

    @override
    def matches(self, scope: "Scope") -> "tuple[Match, Scope]":
        match, child_scope = super().matches(scope)
        return match, {**child_scope, "route": self}


async def get_schema(request: Request) -> Response:
    """Return the OpenAPI schema."""
    return JSONResponse(request.app.openapi())


def _page_endpoint(file: str, policy: str) -> "Endpoint":
    async def get_page(request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        page = (files("src.api") / "pages" / file).read_text("utf-8")
        headers = {"Content-Security-Policy": policy.format(nonce=nonce)}
        page = page.replace("{nonce}", nonce).replace("{title}", escape(request.app.title))
        return HTMLResponse(page, headers=headers)

    return get_page


def _asset_endpoint(folder: str, file: str, media_type: str) -> "Endpoint":
    async def get_asset(request: Request) -> Response:
        content = (files("fastapi_standalone_docs") / "static" / folder / file).read_bytes()
        return keep_for_a_minute(request, Response(content, media_type=media_type))

    return get_asset
