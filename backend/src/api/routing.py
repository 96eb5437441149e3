"""The router every part of the API is built on: bodies are strict JSON, errors documented."""

from collections.abc import Callable, Coroutine
from enum import Enum
from http import HTTPStatus
from typing import Any, Final, override

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from src.api.caching import make_cacheable
from src.utils.errors import BadRequestError
from src.utils.strict_json import parse_json

type Responses = dict[int | str, dict[str, Any]]
type _Handler = Callable[[Request], Coroutine[Any, Any, Response]]

DEFAULT_RESPONSES: Final[Responses] = {"default": {"description": "Any other error"}}
"""What every operation may answer; `src.api.openapi` says what an error's body is.

Were it said here, by `model`, each cold start would make eighty fields that no request needs.
"""

_NOT_MODIFIED: Final[Responses] = {
    int(HTTPStatus.NOT_MODIFIED): {"description": "What `If-None-Match` names is still good."}
}


def error_responses(*statuses: HTTPStatus) -> Responses:
    """Document errors of an operation: `responses=error_responses(HTTPStatus.NOT_FOUND)`.

    400 and 401 need no mention: the schema gets them where there is input or a token.
    """
    return {int(status): {"description": status.phrase} for status in statuses}


class ApiRouter(APIRouter):
    """A router whose routes read bodies by the contract's rules."""

    def __init__(self, *, prefix: str = "", tags: list[str | Enum] | None = None) -> None:
        super().__init__(
            prefix=prefix,
            tags=tags,
            route_class=StrictRoute,
            responses=DEFAULT_RESPONSES,
        )

    def public_get[EndpointT: Callable[..., Any]](
        self,
        path: str,
        *,
        responses: Responses | None = None,
        **options: Any,  # noqa: ANN401 - those of add_api_route
    ) -> Callable[[EndpointT], EndpointT]:
        """Add an operation as `get` does, whose answers caches may keep for a minute."""

        def add(endpoint: EndpointT) -> EndpointT:
            self.add_api_route(
                path,
                endpoint,
                methods=["GET"],
                responses=_NOT_MODIFIED | (responses or {}),
                route_class_override=PublicReadRoute,
                **options,
            )
            return endpoint

        return add


class StrictRoute(APIRoute):
    """A route that refuses bodies FastAPI would let through, but only after the token."""

    @override
    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def handle_strictly(request: Request) -> Response:
            strict = _StrictRequest(request.scope, request.receive)
            # Read here: FastAPI would turn an error of the size limit into one of its own.
            await strict.body()
            try:
                return await handle(strict)
            except RequestValidationError as error:
                raise (strict.defect or _media_type_defect(error) or error) from None

        return handle_strictly


class PublicReadRoute(StrictRoute):
    """A route whose answers caches may keep."""

    @override
    def get_route_handler(self) -> _Handler:
        handle = super().get_route_handler()

        async def handle_conditionally(request: Request) -> Response:
            return make_cacheable(request, await handle(request))

        return handle_conditionally


class _StrictRequest(Request):
    """A request that keeps what is wrong with its JSON until the dependencies have run.

    FastAPI parses the body first and asks who is calling second; a stranger's malformed
    body is 401 all the same.
    """

    defect: BadRequestError | None = None

    @override
    async def json(self) -> object:
        try:
            return parse_json(await self.body())
        except BadRequestError as error:
            self.defect = error
            # No model accepts it, so validation fails and the defect is raised.
            return NotImplemented


def _media_type_defect(error: RequestValidationError) -> BadRequestError | None:
    # FastAPI hands on as bytes what was not declared as JSON.
    if isinstance(error.body, bytes):
        return BadRequestError("The body must be JSON, sent as Content-Type: application/json.")
    return None
