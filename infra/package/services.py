"""The AWS services whose data botocore carries into the zip."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from infra.errors import PackageError

SERVICES: Final = frozenset({"cognito-idp", "dynamodb"})
"""Those the backend makes clients for, by botocore's name; the others' data is left out
(17 of botocore's 19 MB). boto3's resources are not used at all."""

_SERVICE_FILE_DEPTH: Final = 3
"""`botocore/data/<service>/…`; what lies right in `data` (regions, retries) belongs to all."""

_RESOURCE_MAKER: Final = "resource"
_MAKERS: Final = frozenset({"client", "create_client", _RESOURCE_MAKER})
"""Of boto3, of its sessions and of botocore's."""


def is_unused_service_data(name: str) -> bool:
    """Whether a file, named from the root of the zip, describes a service nobody calls."""
    parts = name.split("/")
    match parts[:2]:
        case ["boto3", "data" | "examples"]:
            return True
        case ["botocore", "data"] if len(parts) > _SERVICE_FILE_DEPTH:
            return parts[2] not in SERVICES or parts[-1].startswith("examples-")
        case _:
            return False


def check_services(sources: Mapping[str, bytes]) -> None:
    """Make sure that the code makes clients only of services whose data is in the zip.

    Args:
        sources: files of Python that compile, by name.

    Raises:
        PackageError: naming the first place that asks for something else.
    """
    for name, source in sources.items():
        if name.endswith(".py") and b"boto" in source:
            for made, call in _makers(ast.parse(source)):
                _check_call(made, call, f"backend/{name}:{call.lineno}")


def _makers(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Calls that make clients or resources, with the name of what they call."""
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
        wrong = "makes a boto3 resource, whose data the zip leaves out. Make a client."
    elif service is None:
        wrong = (
            "makes a client without naming its service outright, so the zip may lack its data. "
            "Write the name there, as a string."
        )
    elif service not in SERVICES:
        wrong = (
            f"makes a client of {service}, whose data the zip leaves out. "
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
