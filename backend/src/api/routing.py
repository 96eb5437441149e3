"""The router of the API: bodies are strict JSON, and errors are documented."""

from collections.abc import Callable, Coroutine, Sequence
from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, override

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from src.api.access import find_header
from src.api.body_limit import with_body_limit
from src.api.caching import keep_for_a_minute, revalidate_always
from src.utils.errors import BadRequestError
from src.utils.strict_json import parse_json

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

type Responses = dict[int | str, dict[str, Any]]
type _Handler = Callable[[Request], Coroutine[Any, Any, Response]]

DEFAULT_RESPONSES: Final[Responses] = {"default": {"description": "Any other error"}}
"""Responses of every operation; `src.api.openapi` documents the body of an error.

Documented here, by `model`, it would cost each cold start eighty fields that requests do not need.
"""

_DECLARATIONS: Final = (b"content-length", b"transfer-encoding")
"""Headers of a request with a body."""

_NOT_MODIFIED: Final[Responses] = {
    int(HTTPStatus.NOT_MODIFIED): {
        "description": "The version in `If-None-Match` is still current."
    }
}


def error_responses(*statuses: HTTPStatus) -> Responses:
    """Document errors of an operation: `responses=error_responses(HTTPStatus.NOT_FOUND)`.

    400 and 401 need no mention: the schema gets them where there is input or a token.
    """
    return {int(status): {"description": status.phrase} for status in statuses}


def operation_id(route: APIRoute) -> str:
    """Return the id of an operation in the OpenAPI schema, such as `listPosts`."""
    return to_camel(route.name)


class ApiRouter(APIRouter):
    """A router for routes with strict JSON bodies; a fixed path wins over a template."""

    def __init__(self, *, prefix: str = "", tags: list[str | Enum] | None = None) -> None:
        super().__init__(
            prefix=prefix,
            tags=tags,
            route_class=StrictRoute,
            responses=DEFAULT_RESPONSES,
            generate_unique_id_function=operation_id,
        )

    @override
    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        **options: Any,
    ) -> None:
        super().add_api_route(path, endpoint, **options)
        added = self.routes[-1]
        if isinstance(added, StrictRoute):
            added.siblings = self.routes

    def public_get[EndpointT: Callable[..., Any]](
        self,
        path: str,
        *,
        is_kept: bool = True,
        responses: Responses | None = None,
        **options: Any,  # noqa: ANN401 - those of add_api_route
    ) -> Callable[[EndpointT], EndpointT]:
        """Add an operation as `get` does, with an ETag on its answers.

        Args:
            path: the path.
            is_kept: true for caches to keep an answer for a minute; false for a count, to be
                revalidated at each use.
            responses: other documented answers.
            options: those of `add_api_route`.
        """
        route = PublicReadRoute if is_kept else CountRoute

        def add(endpoint: EndpointT) -> EndpointT:
            self.add_api_route(
                path,
                endpoint,
                methods=["GET"],
                responses=_NOT_MODIFIED | (responses or {}),
                route_class_override=route,
                **options,
            )
            return endpoint

        return add


class StrictRoute(APIRoute):
    """A route with stricter checks of the body than FastAPI's.

    A body is too large even if the operation reads none. JSON is checked after the token.

    A template leaves fixed paths to their own routes, for every method: `/blogs/categories` is not
    an item of `/blogs/{id}`. The order of the routes does not matter.

    A query parameter without a value counts as absent.
    """

    siblings: Sequence[BaseRoute] = ()
    """The routes of its router."""

    @override
    async def handle(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        scope["query_string"] = _without_empty(scope["query_string"])
        await super().handle(scope, receive, send)

    @override
    def matches(self, scope: "Scope") -> tuple[Match, "Scope"]:
        match, child_scope = super().matches(scope)
        if match is not Match.NONE and self._is_taken(scope["path"]):
            return Match.NONE, {}
        return match, child_scope

    def _is_taken(self, path: str) -> bool:
        """Return True if a path belongs to a sibling with fixed text in place of a parameter."""
        parameters = _parameters(self)
        return any(parameters) and any(
            isinstance(sibling, StrictRoute)
            and _parameters(sibling) < parameters
            and sibling.path_regex.match(path)
            for sibling in self.siblings
        )

    @override
    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            if request.method == "GET" and not _has_body(request):
                return await handle(request)
            strict = _StrictRequest(request.scope, with_body_limit(request))
            # Read here: FastAPI would replace the error of the size limit by its own.
            await strict.body()
            try:
                return await handle(strict)
            except RequestValidationError as error:
                raise (strict.defect or _media_type_defect(error) or error) from None

        return handle_strictly


def _has_body(request: Request) -> bool:
    """Return True if a request declares a body (RFC 9112, section 6.3)."""
    return any(find_header(request.scope, name) for name in _DECLARATIONS)


def _without_empty(query: bytes) -> bytes:
    """Return a query string without the parameters that have no value, such as `tag=`."""
    return b"&".join(each for each in query.split(b"&") if each.partition(b"=")[2])


def _parameters(route: APIRoute) -> list[bool]:
    """Return for each segment of a template if it is a parameter; the lowest template wins."""
    return [segment.startswith("{") for segment in route.path_format.split("/")]


class PublicReadRoute(StrictRoute):
    """A route with answers for caches to keep."""

    make_conditional = staticmethod(keep_for_a_minute)
    """Function for the answer's headers about caches, or for a 304 in its place."""

    @override
    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()

        async def handle_conditionally(request: Request) -> Response:
            return self.make_conditional(request, await handle(request))

        return handle_conditionally


class CountRoute(PublicReadRoute):
    """A route with a count, for caches to revalidate at each use."""

    make_conditional = staticmethod(revalidate_always)


class _StrictRequest(Request):
    """A request with an error in its JSON kept back until the dependencies have run.

    FastAPI parses the body first, then checks the token. A malformed body without a token must
    still be 401.
    """

    defect: BadRequestError | None = None

    @override
    async def json(self) -> object:
        try:
            return parse_json(await self.body())
        except BadRequestError as error:
            self.defect = error
            # No model accepts this value, so validation fails and the defect is raised.
            return NotImplemented


def _media_type_defect(error: RequestValidationError) -> BadRequestError | None:
    # FastAPI passes a body on as bytes if it was not declared as JSON.
    if isinstance(error.body, bytes):
        return BadRequestError("The body must be JSON, sent as Content-Type: application/json.")
    return None
