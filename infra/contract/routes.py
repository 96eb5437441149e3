"""The operations with a route of their own at the gateway, from the API's OpenAPI description."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path
from textwrap import indent
from typing import Annotated, Final

from pydantic import BaseModel, Field, ValidationError

from infra.errors import ContractError
from infra.paths import OPENAPI, ROOT
from infra.processes.environment import inherited_environment

_READS: Final = "GET ", "HEAD "

type SecurityRequirements = list[dict[str, list[str]]]
"""Alternatives: a request must meet one of them, and always meets an empty one."""


class Operation(BaseModel):
    """One method of a path."""

    security: SecurityRequirements | None = None


class PathItem(BaseModel):
    """The operations of a path, by method."""

    get: Operation | None = None
    head: Operation | None = None
    post: Operation | None = None
    put: Operation | None = None
    patch: Operation | None = None
    delete: Operation | None = None


class SecurityScheme(BaseModel):
    """A way to authenticate."""

    type: str
    scheme: str = ""

    @property
    def is_bearer_token(self) -> bool:
        """True if the gateway's authorizer can check it."""
        return (self.type, self.scheme.lower()) == ("http", "bearer")


class Components(BaseModel):
    """Definitions for operations to refer to by name."""

    security_schemes: Annotated[dict[str, SecurityScheme], Field(alias="securitySchemes")] = {}


class Description(BaseModel):
    """The parts of an OpenAPI 3.1 document read here."""

    paths: dict[str, PathItem]
    components: Components = Components()
    security: SecurityRequirements = []
    """The default for operations without their own security."""

    def operations(self) -> Iterator[tuple[str, SecurityRequirements]]:
        """Yield route key (`PUT /blogs/{id}`) and security of every operation."""
        for path, item in sorted(self.paths.items()):
            for method in PathItem.model_fields:
                operation: Operation | None = getattr(item, method)
                if operation:
                    own = operation.security
                    yield f"{method.upper()} {path}", self.security if own is None else own

    def is_known(self, scheme: str) -> bool:
        """Return True if the scheme of this name is declared as a bearer token."""
        declared = self.components.security_schemes.get(scheme)
        return declared is not None and declared.is_bearer_token


def guarded_routes(openapi: Path = OPENAPI) -> list[str]:
    """Return the route keys of all operations with a required token.

    Raises:
        ContractError: if the description cannot be read, or an operation requires anything but
            a bearer token. The gateway's authorizer cannot check anything else.
    """
    description = _read(openapi)
    operations = list(description.operations())
    for key, security in operations:
        _refuse_unknown_schemes(description, key, security)
    return [key for key, security in operations if _requires_token(security)]


def open_writes(openapi: Path = OPENAPI) -> list[str]:
    """Return the route keys of all operations that write without a required token.

    Raises:
        ContractError: if the description cannot be read.
    """
    return [
        key
        for key, security in _read(openapi).operations()
        if not key.startswith(_READS) and not _requires_token(security)
    ]


def check_openapi(checkout: Path = ROOT) -> None:
    """Compare `backend/openapi.json` with the app's routes, in a new process.

    An outdated file would leave a new guarded route open at the gateway.

    Args:
        checkout: the checkout with the backend; the process imports its modules only.

    Raises:
        ContractError: if the file is out of date, or the app cannot be created.
    """
    result = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, checkout / "backend" / "generate_openapi.py", "--check"],
        cwd=checkout,
        env=inherited_environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if result.returncode:
        # A process ended by a signal prints nothing.
        raise ContractError(_explain(result.stderr.strip() or f"exit code {result.returncode}"))


def _explain(printed: str) -> str:
    """Return a script's message; of a traceback, the exception without the frames."""
    before, frame, last = printed.rpartition('\n  File "')
    if not frame or not before.lstrip().startswith("Traceback"):
        return printed.splitlines()[-1]
    lines = dropwhile(lambda line: line.startswith(" "), last.splitlines()[1:])
    reason = [
        line for line in lines if line.strip() and "For further information visit" not in line
    ]
    return "backend/generate_openapi.py failed:\n" + indent("\n".join(reason), "  ")


def _read(openapi: Path) -> Description:
    try:
        return Description.model_validate_json(openapi.read_bytes())
    except OSError as error:
        reason = error.strerror
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        reason = f"{' '.join(map(str, first['loc']))} {first['msg']}".strip()
    raise ContractError(f"{openapi} cannot be read ({reason}): generate it with make format.")


def _refuse_unknown_schemes(
    description: Description, key: str, security: SecurityRequirements
) -> None:
    for scheme in (name for alternative in security for name in alternative):
        if not description.is_known(scheme):
            raise ContractError(
                f"{key} requires {scheme}, but the gateway can check bearer tokens only "
                "(backend/openapi.json, type http, scheme bearer): change the route's security."
            )


def _requires_token(security: SecurityRequirements) -> bool:
    # OpenAPI 3.1, Operation Object: an empty alternative makes the others optional.
    return bool(security) and {} not in security
