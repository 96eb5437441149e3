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
from portfolio.local.status.guard import Guard
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

    def resources(self, _: "Request") -> Response:
        """Show the resources."""
        found = list_resources(self._stage)
        return _page("resources.html", "/", resources=found, api_url=self._api_url)

    def routes(self, _: "Request") -> Response:
        """Show the routes of the API."""
        return _page("routes.html", "/routes", routes=list_routes(self._stage))

    def requests(self, request: "Request") -> Response:
        """Show the last requests; with `?reload=1` the page reloads itself."""
        seconds = _RELOAD if "reload" in request.query_params else None
        return _page(
            "requests.html", "/requests", requests=self._recent.newest_first(), seconds=seconds
        )

    def table(self, request: "Request") -> Response:
        """Show the partitions of the table, or the items of one."""
        client, name = self._stage.code.clients.dynamodb, self._stage.outputs["table_name"]
        asked = request.query_params
        if "partition" in asked:
            partition = asked["partition"]
            found = list_items(client, name, partition, asked.get("after"))
            following = _link("/table", partition=partition, after=found.next) if found.next else ""
            return _page(
                "items.html", "/table", partition=partition, items=found.items, next=following
            )
        prefix = asked.get("prefix", "")
        partitions = list_partitions(client, name, prefix)
        links = [(key, count, _link("/table", partition=key)) for key, count in partitions.counts]
        return _page("table.html", "/table", prefix=prefix, partitions=partitions, links=links)

    def users(self, _: "Request") -> Response:
        """Show the users, and the mails that Cognito would send."""
        cognito, pool = self._stage.code.clients.cognito, self._stage.outputs["user_pool_id"]
        users, mails = UserPool(cognito, pool, LOCAL).users(), list_mails(self._stage.emulator)
        return _page("users.html", "/users", users=users, mails=mails)

    def package(self, _: "Request") -> Response:
        """Show the sizes of the zip."""
        return _page("package.html", "/package", package=measure_parts(self._stage.package.path))

    def role(self, _: "Request") -> Response:
        """Show the policies of the function's role."""
        return _page("role.html", "/", policies=read_role_policies(self._stage))


def create_status_app(
    stage: "LocalStage", api_url: str, port: int, recent: "RecentRequests"
) -> "ASGIApp":
    """Return the app of the status page.

    Args:
        stage: the stage to show.
        api_url: the API's address on localhost.
        port: the port of the status page, for the check of the host.
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
    return Guard(app, port)


def _page(template: str, current: str, **values: object) -> Response:
    return HTMLResponse(render(template, current, **values))


def _link(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query)}"


def _send_style(_: "Request") -> Response:
    return FileResponse(FOLDER / "style.css")


def _send_icon(_: "Request") -> Response:
    return FileResponse(FOLDER / "icon.svg")


def _explain_status(_: "Request", error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    content = render("error.html", title=HTTPStatus(status).phrase, message="")
    headers = error.headers if isinstance(error, HTTPException) else None
    return HTMLResponse(content, status, headers)


def _explain_failure(_: "Request", error: Exception) -> Response:
    """Explain that the emulator, the function or the zip cannot be read."""
    content = render("error.html", title="This page cannot be shown", message=str(error))
    return HTMLResponse(content, HTTPStatus.SERVICE_UNAVAILABLE)
