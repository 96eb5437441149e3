"""What is installed but never imported, and so stays out of the zip.

Tests show on the zip itself that an entry is right: they call every operation and verify a token
from it (tests/package/test_package_operations.py), and the contract is held against a local stage,
which runs it. Each build asks its zip for `/health`.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from infra.errors import PackageError

OMITTED_DISTRIBUTIONS: Final = {
    "ecdsa": "python-jose prefers cryptography, and asks for it only where that is missing",
    "idna": "anyio and urllib3 ask for it only for host names beyond ASCII",
    "pyasn1": "only rsa and ecdsa use it",
    "pycparser": "only cffi's compiler uses it",
    "rsa": "python-jose prefers cryptography, and asks for it only where that is missing",
}
"""Left out with all they install; each is imported by its own name."""

OMITTED_MODULES: Final = {
    "cffi": "it compiles bindings; cryptography's are compiled, and load `_cffi_backend` alone",
    "dateutil.zoneinfo": "time zones for systems that have none; botocore's times are in UTC",
    "pydantic.mypy": "a plugin of mypy's",
    "pydantic.v1": "FastAPI imports it to recognise models of pydantic 1, and does without",
}
"""Left out of distributions that stay: packages with all that is in them, and single modules."""

_OMITTED: Final = OMITTED_DISTRIBUTIONS | OMITTED_MODULES
_PATHS: Final = frozenset(tuple(module.split(".")) for module in _OMITTED)
_DEEPEST: Final = max(map(len, _PATHS))
_LAST_WORDS: Final = [path[-1].encode() for path in _PATHS]
"""Whose absence from a file spares parsing it."""


def is_omitted(name: str) -> bool:
    """Whether a file, named from the folder everything is installed in, is left out."""
    parts = name.removesuffix(".py").split("/")
    distribution, _, version = parts[0].partition("-")
    if version.endswith(".dist-info"):
        return distribution in OMITTED_DISTRIBUTIONS
    return any(tuple(parts[:depth]) in _PATHS for depth in range(1, _DEEPEST + 1))


def check_imports(sources: Mapping[str, bytes]) -> None:
    """Make sure that the code imports nothing that is left out.

    Args:
        sources: files of Python that compile, by name.

    Raises:
        PackageError: naming the first place that imports such a module.
    """
    for name, source in sources.items():
        if name.endswith(".py") and any(word in source for word in _LAST_WORDS):
            for module, line in _imports(ast.parse(source)):
                _check_import(module, f"backend/{name}:{line}")


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every module that is imported anywhere, or may be one, and the line."""
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
                f"{place} imports {omitted}, which the zip leaves out: {reason}. "
                "If it is needed, take it off the list in infra/package/omissions.py."
            )
