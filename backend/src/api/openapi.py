"""Additions to FastAPI's OpenAPI schema; the gateway's guarded routes are made from the result."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from src import SITE
from src.api.access import REQUEST_ID_HEADER
from src.api.body_limit import TOO_LARGE
from src.api.errors import make_error_body
from src.api.kinds import KINDS
from src.dependencies import NEEDS_TOKEN
from src.models.base import ApiModel
from src.models.error import ErrorBody, GatewayErrorBody
from src.utils.bearer import BEARER, OPTIONAL_BEARER

type Json = dict[str, Any]

_INFO: Final = {
    "description": (
        "JSON in and out, times in UTC. Unknown keys in queries and bodies are ignored. A token is "
        "an ID token of Cognito: `Authorization: Bearer <ID token>`; where it is optional, a bad "
        "one is ignored. `HEAD` works where `GET` does. Bodies above 1 KB are compressed for "
        "clients that accept gzip.\n\n"
        "Errors have the body `ErrorBody`. The gateway itself can answer 413, 429 and 5xx, with "
        "the body `GatewayErrorBody`. On a stage with the setting `gatewayAuthorizer`, it also "
        "answers 401 in this form where a token is required."
    ),
    "contact": {"name": SITE, "url": f"https://{SITE}"},
    "license": {"name": "MIT", "identifier": "MIT"},
}

SERVERS: Final = [
    {"url": f"https://api.{SITE}", "description": "Production"},
    {"url": f"https://api-dev.{SITE}", "description": "Development"},
    {"url": "http://localhost:8000", "description": "Local stage"},
]
"""Addresses of the stages; the address of a preview is an output of its stack."""

TAGS: Final = [
    {"name": "health", "description": "The name of the API, and its health."},
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
        "description": (
            "Value for `If-None-Match`, to read only what has changed. Drafts have none."
        ),
        "schema": {"type": "string", "examples": ['"e0d123e5f316bef78bfdf5a008837577"']},
    },
    "Cache-Control": {
        "description": (
            "Published content: a minute for everyone, private if a token was sent. Drafts: not "
            "at all. Counts: with a new request at each use."
        ),
        "required": True,
        "schema": {"type": "string", "examples": ["public, max-age=60"]},
    },
    "Vary": {
        "description": "Request headers with an effect on the answer.",
        "required": True,
        "schema": {"type": "string", "examples": ["Authorization, Accept-Encoding, Origin"]},
    },
    "Allow": {
        "description": "On 405: the methods of this path.",
        "schema": {"type": "string", "examples": ["GET, HEAD, POST"]},
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
    HTTPStatus.BAD_REQUEST: "name: is required",
    HTTPStatus.UNAUTHORIZED: NEEDS_TOKEN,
    HTTPStatus.FORBIDDEN: "Only the owner may do this.",
    HTTPStatus.NOT_FOUND: "There is nothing with this id.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS: "There were too many tries: wait a minute.",
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


_UNAUTHORIZED: Final = (
    "Unauthorized. The gateway can answer this by itself if the setting `gatewayAuthorizer` is on; "
    "then the body is `GatewayErrorBody`."
)

_OF_GATEWAY_TOO: Final = frozenset({"413", "429", "default"})
"""Errors of the function or of the gateway itself, each with its own body."""

_OWN_HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "401": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "default": ("Allow", "Retry-After"),
}
"""Headers of errors, in addition to those of every answer."""


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
    errors = {model.__name__: model.model_json_schema() for model in (ErrorBody, GatewayErrorBody)}
    components["schemas"] = dict(sorted({**components["schemas"], **errors}.items()))
    schema["info"] |= _INFO
    schema["servers"] = SERVERS
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
    declared: list[Json] = operation.get("security", [])
    required = _BEARER_REQUIRED[0] in declared
    operation["security"] = _BEARER_REQUIRED if required else declared and _BEARER_OPTIONAL


def _complete_errors(operation: Json) -> None:
    responses: Json = operation["responses"]
    if _takes_input(operation):
        responses.setdefault("400", {"description": HTTPStatus.BAD_REQUEST.phrase})
    if "requestBody" in operation:
        responses.setdefault("413", {"description": "Content Too Large"})
    if operation["security"] == _BEARER_REQUIRED or _may_require_token(operation):
        responses.setdefault("401", {"description": _UNAUTHORIZED})
    operation["responses"] = dict(sorted(responses.items()))
    for status, response in responses.items():
        if status.startswith(("4", "default")):
            response["content"] = _error_content(status, operation)


def _may_require_token(operation: Json) -> bool:
    """Return True if some input requires a token, such as `status=draft`."""
    return operation["security"] == _BEARER_OPTIONAL and "403" in operation["responses"]


def _takes_input(operation: Json) -> bool:
    """Return True if input can be wrong; an id cannot, because any text may be one."""
    parameters: list[Json] = operation.get("parameters", [])
    return "requestBody" in operation or any(
        parameter["in"] != "path" or "$ref" in parameter["schema"] for parameter in parameters
    )


def _error_content(code: str, operation: Json) -> Json:
    status = HTTPStatus.SERVICE_UNAVAILABLE if code == "default" else HTTPStatus(int(code))
    message = (_MESSAGES | _OWN_MESSAGES.get(operation["operationId"], {}))[status]
    details = {"name": "is required"} if status is HTTPStatus.BAD_REQUEST else None
    example = make_error_body(status, message, details)
    schema: Json = _reference(ErrorBody)
    if code in _OF_GATEWAY_TOO:
        schema = {"anyOf": [schema, _reference(GatewayErrorBody)]}
    dumped = example.model_dump(mode="json", exclude_none=True)
    return {"application/json": {"schema": schema, "example": dumped}}


def _reference(model: type[ApiModel]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _complete_headers(operation: Json) -> None:
    responses: Json = operation["responses"]
    for status, response in responses.items():
        names = [REQUEST_ID_HEADER, *_OWN_HEADERS.get(status, ())]
        if "304" in responses and status in {"200", "304"}:
            names += ["ETag", "Cache-Control", "Vary"]
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
