"""The routes of the API, each with its check of tokens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx
from pydantic import BaseModel

from infra.errors import LocalStageError
from portfolio.local.status.resources import find_api_id

if TYPE_CHECKING:
    from portfolio.local.stage import LocalStage

_TIMEOUT: Final = 35
_FORBIDDEN: Final = "403"


class _Operation(BaseModel):
    summary: str = ""
    security: list[dict[str, list[str]]] = []
    responses: dict[str, object] = {}

    @property
    def caller(self) -> str:
        if not self.security:
            return "everybody"
        if {} in self.security:
            return "everybody, a token is optional"
        return "the owner" if _FORBIDDEN in self.responses else "users with a token"


class _Description(BaseModel):
    paths: dict[str, dict[str, _Operation]]


@dataclass(frozen=True)
class ApiRoute:
    """A route."""

    method: str
    path: str
    summary: str
    caller: str
    """The people with access."""

    is_guarded: bool
    """True if a token is required."""

    checked_by: str
    """The parts of the stage to check the token: the function, or the gateway before it."""


def list_routes(stage: "LocalStage") -> list[ApiRoute]:
    """Return the routes of the running code, from its OpenAPI description.

    Raises:
        ClientError: if the emulator refuses a call.
        BotoCoreError: if the emulator does not answer.
        HTTPError: if the emulator does not answer.
        LocalStageError: if the function cannot describe its routes.
    """
    answer = httpx.get(f"{stage.api_base}/openapi.json", timeout=_TIMEOUT, trust_env=False)
    if not answer.is_success:
        raise LocalStageError(
            f"The function cannot describe its routes: GET /openapi.json has the status "
            f"{answer.status_code}. Look at the log lines where make up runs."
        )
    description = _Description.model_validate_json(answer.content)
    guarded = _find_guarded(stage)
    return [
        _describe(method.upper(), path, operation, guarded)
        for path, operations in sorted(description.paths.items())
        for method, operation in operations.items()
    ]


def _find_guarded(stage: "LocalStage") -> set[str]:
    """Return the keys of the routes with the gateway's authorizer, such as `PUT /blogs/{id}`."""
    gateway = stage.code.clients.api_gateway
    found = gateway.get_paginator("get_routes").paginate(ApiId=find_api_id(stage))
    routes = [route for page in found for route in page["Items"]]
    return {route["RouteKey"] for route in routes if route.get("AuthorizationType") == "JWT"}


def _describe(method: str, path: str, operation: _Operation, guarded: set[str]) -> ApiRoute:
    is_guarded = bool(operation.security) and {} not in operation.security
    checks = "gateway and function" if f"{method} {path}" in guarded else "function"
    return ApiRoute(
        method,
        path,
        operation.summary,
        operation.caller,
        is_guarded,
        checks if operation.security else "",
    )
