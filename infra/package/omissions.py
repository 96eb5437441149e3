"""Installed modules left out of the zip because the function never imports them.

Tests of the zip itself verify the list: they call each operation and verify a token
(tests/package/test_package_operations.py). The contract tests also run on a local stage, and a
local stage runs the zip. Each build calls `/health` on its zip.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from infra.errors import PackageError

OMITTED_DISTRIBUTIONS: Final = {
    "ecdsa": "python-jose imports it only if cryptography is missing",
    "idna": "anyio and urllib3 import it only for host names beyond ASCII",
    "pyasn1": "only rsa and ecdsa use it",
    "pycparser": "only cffi's compiler uses it",
    "rsa": "python-jose imports it only if cryptography is missing",
}
"""Distributions to leave out completely. Their import names equal their names."""

OMITTED_MODULES: Final = {
    "cffi": "it compiles bindings; cryptography ships them compiled and needs only `_cffi_backend`",
    "dateutil.zoneinfo": "time zones for systems without them; botocore's times are in UTC",
    "pydantic.mypy": "it is a plugin for mypy",
    "pydantic.v1": "FastAPI uses it only to recognise models of pydantic 1",
}
"""Packages and modules to leave out of distributions in the zip."""

_OMITTED: Final = OMITTED_DISTRIBUTIONS | OMITTED_MODULES
_PATHS: Final = frozenset(tuple(module.split(".")) for module in _OMITTED)
_DEEPEST: Final = max(map(len, _PATHS))
_LAST_WORDS: Final = [path[-1].encode() for path in _PATHS]
"""Last parts of the names: a file without them is not parsed."""


def is_omitted(name: str) -> bool:
    """Return True if a file is left out; the name is relative to the install folder."""
    parts = name.removesuffix(".py").split("/")
    distribution, _, version = parts[0].partition("-")
    if version.endswith(".dist-info"):
        return distribution in OMITTED_DISTRIBUTIONS
    return any(tuple(parts[:depth]) in _PATHS for depth in range(1, _DEEPEST + 1))


def check_imports(sources: Mapping[str, bytes]) -> None:
    """Check the imports of the code against the omissions.

    Args:
        sources: contents of files by name. Python files must compile.

    Raises:
        PackageError: if the code imports an omitted module; names the first place.
    """
    for name, source in sources.items():
        if name.endswith(".py") and any(word in source for word in _LAST_WORDS):
            for module, line in _imports(ast.parse(source)):
                _check_import(module, f"backend/{name}:{line}")


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield each possible module of the import statements, and its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names, lineno=line):
                yield from ((each.name, line) for each in names)
            case ast.ImportFrom(module=str(module), names=names, level=0, lineno=line):
                yield from ((f"{module}.{each.name}", line) for each in names)
            case _:
                pass


def _check_import(module: str, place: str) -> None:
    for omitted, reason in _OMITTED.items():
        if f"{module}.".startswith(f"{omitted}."):
            raise PackageError(
                f"{place} imports {omitted}, but the zip leaves it out: {reason}. "
                "If you need it, remove it from the list in infra/package/omissions.py."
            )
