"""What FastAPI's OpenAPI schema lacks; the gateway's guarded routes are made from it."""

from typing import Any, Final

from src.api.bearer import BEARER, OPTIONAL_BEARER

type Json = dict[str, Any]

_BEARER_REQUIRED: Final[list[Json]] = [{BEARER.scheme_name: []}]
_BEARER_OPTIONAL: Final[list[Json]] = [*_BEARER_REQUIRED, {}]
"""The empty alternative: no token will do as well."""

_ERROR_CONTENT: Final = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}


def complete_schema(schema: Json) -> Json:
    """Say which operations need a token, and document the errors that follow from the rest."""
    for path_item in schema["paths"].values():
        for operation in path_item.values():
            _complete_security(operation)
            _complete_errors(operation)
    schemes: Json = schema["components"]["securitySchemes"]
    schemes.pop(OPTIONAL_BEARER.scheme_name, None)
    return schema


def _complete_security(operation: Json) -> None:
    if "security" not in operation:
        return
    required = _BEARER_REQUIRED[0] in operation["security"]
    operation["security"] = _BEARER_REQUIRED if required else _BEARER_OPTIONAL


def _complete_errors(operation: Json) -> None:
    responses: Json = operation["responses"]
    if "parameters" in operation or "requestBody" in operation:
        responses.setdefault("400", {"description": "Bad Request", "content": _ERROR_CONTENT})
    if "security" in operation:
        responses.setdefault("401", {"description": "Unauthorized", "content": _ERROR_CONTENT})
    operation["responses"] = dict(sorted(responses.items()))
