"""Imports of the function's own modules that are not in the zip."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Final

from infra.errors import PackageError

_MODULES: Final = (".py", ".so", "/")
"""Ends of the names of modules and of packages."""


def check_left_out_imports(files: Mapping[str, bytes], left_out: Iterable[str]) -> None:
    """Check the imports of the code against the files that are left out.

    Args:
        files: the contents by path in the zip. Files that do not compile are passed over.
        left_out: the paths of the other files in `backend`, and those of folders with `/`.

    Raises:
        PackageError: if a file imports a module that is left out; names both.
    """
    modules = {_module(name): name for name in left_out if name.endswith(_MODULES)}
    if not modules:
        return
    for name, source in files.items():
        if name.endswith(".py"):
            for module, line in _imports(source, name):
                if file := _find(module, modules):
                    raise PackageError(
                        f"backend/{name}:{line} imports {module}, but backend/{file} is not in "
                        f"git, so the zip leaves it out. Run `git add --force backend/{file}`."
                    )


def _module(name: str) -> str:
    """Return the name of a module: `src.api.blog` for `src/api/blog.py`."""
    path = PurePosixPath(name)
    parts = path.parent.parts if path.name == "__init__.py" else path.with_suffix("").parts
    return ".".join(part.partition(".")[0] for part in parts)


def _find(module: str, modules: Mapping[str, str]) -> str | None:
    """Return the file of a module, or of a package around it."""
    parts = module.split(".")
    names = (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return next((modules[name] for name in names if name in modules), None)


def _imports(source: bytes, name: str) -> Iterator[tuple[str, int]]:
    """Yield each possible module of the import statements and texts, and its line."""
    with suppress(SyntaxError, RecursionError, MemoryError, ValueError):
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Import(names=names, lineno=line):
                    yield from ((each.name, line) for each in names)
                case ast.ImportFrom(module=module, names=names, level=level, lineno=line):
                    base = [*_package(name, level), *([module] if module else [])]
                    yield from ((".".join([*base, each.name]), line) for each in names)
                case ast.Constant(value=str(text), lineno=line):
                    # The argument of importlib.import_module, perhaps in a table.
                    yield text, line
                case _:
                    pass


def _package(name: str, level: int) -> list[str]:
    """Return the package that a relative import begins at; no parts for an absolute one."""
    folders = list(PurePosixPath(name).parent.parts)
    return folders[: len(folders) - level + 1] if level else []
