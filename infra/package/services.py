"""The AWS services in the zip: botocore has data files for each service."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from infra.errors import PackageError

SERVICES: Final = frozenset({"cognito-idp", "dynamodb"})
"""Services used by the backend, by botocore's name. The data of all others is left out (17 of
botocore's 19 MB), and so are boto3's resources."""

_SERVICE_FILE_DEPTH: Final = 3
"""Path parts in `botocore/data/<service>/…`. Files directly in `data` are for all services."""

_RESOURCE_MAKER: Final = "resource"
_MAKERS: Final = frozenset({"client", "create_client", _RESOURCE_MAKER})
"""Methods of boto3, its sessions and botocore's sessions."""


def is_unused_service_data(name: str) -> bool:
    """Return True if a file describes an unused service; the name is relative to the zip."""
    parts = name.split("/")
    match parts[:2]:
        case ["boto3", "data" | "examples"]:
            return True
        case ["botocore", "data"] if len(parts) > _SERVICE_FILE_DEPTH:
            return parts[2] not in SERVICES or parts[-1].startswith("examples-")
        case _:
            return False


def check_services(sources: Mapping[str, bytes]) -> None:
    """Check the boto3 clients of the code against `SERVICES`.

    Args:
        sources: contents of files by name. Python files must compile.

    Raises:
        PackageError: if the code uses another service; names the first place.
    """
    for name, source in sources.items():
        if name.endswith(".py") and b"boto" in source:
            for made, call in _makers(ast.parse(source)):
                _check_call(made, call, f"backend/{name}:{call.lineno}")


def _makers(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call to create a client or resource, with the name of the method."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Attribute(attr=made) | ast.Name(id=made)) if made in _MAKERS:
                if node.args or node.keywords:
                    yield made, node
            case _:
                pass


def _check_call(made: str, call: ast.Call, place: str) -> None:
    service = _service(call)
    if made == _RESOURCE_MAKER:
        wrong = "creates a boto3 resource, but the zip leaves out its data. Create a client."
    elif service is None:
        wrong = (
            "creates a client without a literal service name, so the zip may lack its data. "
            "Write the name there, as a string."
        )
    elif service not in SERVICES:
        wrong = (
            f"creates a client of {service}, but the zip leaves out its data. "
            "Add it to SERVICES in infra/package/services.py."
        )
    else:
        return
    raise PackageError(f"{place} {wrong}")


def _service(call: ast.Call) -> str | None:
    named = [word.value for word in call.keywords if word.arg == "service_name"]
    match [*call.args, *named][:1]:
        case [ast.Constant(value=str(service))]:
            return service
        case _:
            return None
