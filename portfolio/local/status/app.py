"""The pages of the local stage in a browser. They only read, and have no scripts."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from botocore.exceptions import BotoCoreError, ClientError
from httpx import HTTPError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from infra.errors import PortfolioError
from infra.settings.files import LOCAL
from portfolio.local.status.api_routes import list_routes
from portfolio.local.status.mails import list_mails
from portfolio.local.status.package_sizes import measure_parts
from portfolio.local.status.rendering import FOLDER, render
from portfolio.local.status.resources import list_resources, read_role_policies
from portfolio.local.status.table_items import list_items, list_partitions
from portfolio.owners.pool import UserPool

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from portfolio.local.stage import LocalStage
    from portfolio.local.status.recent_requests import RecentRequests

_RELOAD: Final = 2
"""Seconds between two reloads of the last requests, if the reader asks for them."""


class StatusPages:
    """The pages of a stage. Starlette runs each in a thread."""

    def __init__(self, stage: "LocalStage", api_url: str, recent: "RecentRequests") -> None:
        """Show a stage.

        Args:
            stage: the stage.
            api_url: the API's address on localhost.
            recent: the last requests.
        """
        self._stage, self._api_url, self._recent = stage, api_url, recent

    def resources(self, request: "Request") -> Response:
        """Show the resources."""
        found = list_resources(self._stage)
        return _page(request, "resources.html", "/", resources=found, api_url=self._api_url)

    def routes(self, request: "Request") -> Response:
        """Show the routes of the API."""
        return _page(request, "routes.html", "/routes", routes=list_routes(self._stage))

    def requests(self, request: "Request") -> Response:
        """Show the last requests; with `?reload=1` the page reloads itself."""
        seconds = _RELOAD if "reload" in request.query_params else None
        listed = self._recent.newest_first()
        return _page(request, "requests.html", "/requests", requests=listed, seconds=seconds)

    def table(self, request: "Request") -> Response:
        """Show the partitions of the table, or the items of one."""
        client, name = self._stage.code.clients.dynamodb, self._stage.outputs["table_name"]
        asked = request.query_params
        if "partition" in asked:
            partition = asked["partition"]
            found = list_items(client, name, partition, asked.get("after"))
            following = _link("/table", partition=partition, after=found.next) if found.next else ""
            shown = {"partition": partition, "items": found.items, "next": following}
            return _page(request, "items.html", "/table", **shown)
        prefix = asked.get("prefix", "")
        partitions = list_partitions(client, name, prefix)
        links = [(key, count, _link("/table", partition=key)) for key, count in partitions.counts]
        shown = {"prefix": prefix, "partitions": partitions, "links": links}
        return _page(request, "table.html", "/table", **shown)

    def users(self, request: "Request") -> Response:
        """Show the users, and the mails that Cognito would send."""
        cognito, pool = self._stage.code.clients.cognito, self._stage.outputs["user_pool_id"]
        users, mails = UserPool(cognito, pool, LOCAL).users(), list_mails(self._stage.emulator)
        return _page(request, "users.html", "/users", users=users, mails=mails)

    def package(self, request: "Request") -> Response:
        """Show the sizes of the zip."""
        measured = measure_parts(self._stage.package.path)
        return _page(request, "package.html", "/package", package=measured)

    def role(self, request: "Request") -> Response:
        """Show the policies of the function's role."""
        return _page(request, "role.html", "/", policies=read_role_policies(self._stage))


def create_status_app(stage: "LocalStage", api_url: str, recent: "RecentRequests") -> "ASGIApp":
    """Return the app of the status page; it admits everybody.

    Args:
        stage: the stage to show.
        api_url: the API's address on localhost.
        recent: the last requests.
    """
    pages = StatusPages(stage, api_url, recent)
    routes = [
        Route("/", pages.resources),
        Route("/routes", pages.routes),
        Route("/requests", pages.requests),
        Route("/table", pages.table),
        Route("/users", pages.users),
        Route("/package", pages.package),
        Route("/role", pages.role),
        Route("/style.css", _send_style),
        Route("/icon.svg", _send_icon),
    ]
    app = Starlette(routes=routes)
    app.add_exception_handler(HTTPException, _explain_status)
    for error in (ClientError, BotoCoreError, HTTPError, PortfolioError):
        app.add_exception_handler(error, _explain_failure)
    return app


def _page(request: "Request", template: str, current: str, **values: object) -> Response:
    return HTMLResponse(_render(request, template, current, **values))


def _render(request: "Request", template: str, current: str = "", **values: object) -> str:
    return render(template, current, root=request.scope["root_path"], **values)


def _link(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query)}"


def _send_style(_: "Request") -> Response:
    return FileResponse(FOLDER / "style.css")


def _send_icon(_: "Request") -> Response:
    return FileResponse(FOLDER / "icon.svg")


def _explain_status(request: "Request", error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    content = _render(request, "error.html", title=HTTPStatus(status).phrase, message="")
    headers = error.headers if isinstance(error, HTTPException) else None
    return HTMLResponse(content, status, headers)


def _explain_failure(request: "Request", error: Exception) -> Response:
    """Explain that the emulator, the function or the zip cannot be read."""
    title, message = "This page cannot be shown", str(error)
    content = _render(request, "error.html", title=title, message=message)
    return HTMLResponse(content, HTTPStatus.SERVICE_UNAVAILABLE)
