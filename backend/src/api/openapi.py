"""Additions to FastAPI's OpenAPI schema; the gateway's guarded routes are made from the result."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from src.api.access import REQUEST_ID_HEADER
from src.api.kinds import KINDS
from src.dependencies import NEEDS_TOKEN
from src.models.error import ErrorBody
from src.utils.bearer import BEARER, OPTIONAL_BEARER

type Json = dict[str, Any]

_INFO: Final = {
    "description": (
        "JSON in and out, times in UTC. Unknown query keys are ignored. Unknown body keys are "
        "refused, except those set by the server: they may be sent back, and are ignored. "
        "Errors have the body `ErrorBody`. Answers of the gateway itself (a 401 where a token is "
        "required, and its own 413, 429, 500 and 503) have the body "
        '`{"message": "…"}`.'
    ),
    "contact": {"name": "patrickcmd.dev", "url": "https://patrickcmd.dev"},
    "license": {"name": "MIT", "identifier": "MIT"},
}

TAGS: Final = [
    {"name": "health", "description": "Health check."},
    {"name": "auth", "description": "Log in and out, refresh tokens, and read the current user."},
    *({"name": kind.tag, "description": kind.description} for kind in KINDS),
    {"name": "visitors", "description": "Visits to the site: a session counts once a day."},
    {"name": "analytics", "description": "Views of content: a session counts once in 30 days."},
]
"""Groups of operations, in the order of the documentation."""

_BEARER_REQUIRED: Final[list[Json]] = [{BEARER.scheme_name: []}]
_BEARER_OPTIONAL: Final[list[Json]] = [*_BEARER_REQUIRED, {}]
"""The empty alternative means: a token is not required."""

_HEADERS: Final[Json] = {
    REQUEST_ID_HEADER: {
        "description": "The request's id in our log.",
        "schema": {"type": "string", "examples": ["JKJaXmPLvHcESHA="]},
    },
    "ETag": {
        "description": "Value for `If-None-Match`, to read only what has changed.",
        "required": True,
        "schema": {"type": "string", "examples": ['"e0d123e5f316bef78bfdf5a008837577"']},
    },
    "Cache-Control": {
        "description": "A minute for everyone; private if a token was sent.",
        "required": True,
        "schema": {"type": "string", "examples": ["public, max-age=60"]},
    },
    "WWW-Authenticate": {
        "description": "The scheme to use: a bearer token.",
        "schema": {"type": "string", "examples": ["Bearer"]},
    },
    "Retry-After": {
        "description": "On 429 and 503: seconds to wait before the next try.",
        "schema": {"type": "integer", "examples": [1]},
    },
}

_MESSAGES: Final = {
    HTTPStatus.BAD_REQUEST: "Some of the input is wrong.",
    HTTPStatus.UNAUTHORIZED: NEEDS_TOKEN,
    HTTPStatus.FORBIDDEN: "Only the owner may do this.",
    HTTPStatus.NOT_FOUND: "There is nothing with this id.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The service is busy: try again in a moment.",
}
_OWN_MESSAGES: Final[dict[str, dict[HTTPStatus, str]]] = {
    "logIn": {
        HTTPStatus.UNAUTHORIZED: "The e-mail or the password is wrong.",
        HTTPStatus.FORBIDDEN: "This password must be changed before it can be used to log in.",
    },
    "refreshTokens": {
        HTTPStatus.UNAUTHORIZED: "The refresh token is not valid or has expired: log in again."
    },
}
"""Messages of the operations with these statuses and without a token, by operation id."""


def complete_schema(schema: Json) -> Json:
    """Document the tokens, errors and headers of all operations."""
    for operation in _operations(schema):
        _complete_parameters(operation)
        _complete_security(operation)
        _complete_errors(operation)
        _complete_headers(operation)
    components: Json = schema["components"]
    components["securitySchemes"].pop(OPTIONAL_BEARER.scheme_name, None)
    components["headers"] = _HEADERS
    schemas = {**components["schemas"], "ErrorBody": ErrorBody.model_json_schema()}
    components["schemas"] = dict(sorted(schemas.items()))
    schema["info"] |= _INFO
    schema["tags"] = TAGS
    return schema


def _operations(schema: Json) -> Iterator[Json]:
    for path_item in schema["paths"].values():
        yield from path_item.values()


def _complete_parameters(operation: Json) -> None:
    """Make optional parameters not nullable: a client would send the text `null`."""
    for parameter in operation.get("parameters", []):
        options: list[Json] = parameter["schema"].pop("anyOf", [])
        present = [option for option in options if option != {"type": "null"}]
        if len(present) == 1:
            parameter["schema"] |= present[0]
        elif present:
            parameter["schema"]["anyOf"] = present


def _complete_security(operation: Json) -> None:
    if "security" not in operation:
        return
    required = _BEARER_REQUIRED[0] in operation["security"]
    operation["security"] = _BEARER_REQUIRED if required else _BEARER_OPTIONAL


def _complete_errors(operation: Json) -> None:
    responses: Json = operation["responses"]
    if _takes_input(operation):
        responses.setdefault("400", {"description": HTTPStatus.BAD_REQUEST.phrase})
    if "security" in operation:
        responses.setdefault("401", {"description": HTTPStatus.UNAUTHORIZED.phrase})
    operation["responses"] = dict(sorted(responses.items()))
    for status, response in responses.items():
        if status.startswith(("4", "default")):
            response["content"] = _error_content(status, operation)


def _takes_input(operation: Json) -> bool:
    """Return True if input can be wrong; an id cannot, because any text may be one."""
    parameters: list[Json] = operation.get("parameters", [])
    return "requestBody" in operation or any(
        parameter["in"] != "path" or "$ref" in parameter["schema"] for parameter in parameters
    )


def _error_content(code: str, operation: Json) -> Json:
    status = HTTPStatus.SERVICE_UNAVAILABLE if code == "default" else HTTPStatus(int(code))
    message = (_MESSAGES | _OWN_MESSAGES.get(operation["operationId"], {}))[status]
    example: Json = {"error": status.phrase, "message": message, "statusCode": status.value}
    if status is HTTPStatus.BAD_REQUEST:
        example["details"] = {"name": "is required"}
    schema = {"$ref": "#/components/schemas/ErrorBody"}
    return {"application/json": {"schema": schema, "example": example}}


def _complete_headers(operation: Json) -> None:
    responses: Json = operation["responses"]
    for status, response in responses.items():
        names = [REQUEST_ID_HEADER]
        if "304" in responses and status in {"200", "304"}:
            names += ["ETag", "Cache-Control"]
        if status == "401":
            names.append("WWW-Authenticate")
        if status == "default":
            names.append("Retry-After")
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
