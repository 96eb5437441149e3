"""Types in generated clients: compiled strictly, and listed property by property."""

import ast
import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.paths import CACHE
from tests.real.clients.tools import NODE, Tools

_HERE: Final = Path(__file__).resolve().parent
_COMPILER_OPTIONS: Final = {
    "target": "es2023",
    "lib": ["es2023", "dom", "dom.iterable"],
    "module": "esnext",
    "moduleResolution": "bundler",
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "noEmit": True,
    "skipDefaultLibCheck": True,
    "types": [],
}
_OPTIONS_OF_THE_GENERATOR: Final = {"client", "body"}
_FURTHER_KEYS: Final = "additional_properties"


@dataclass(frozen=True)
class Property:
    """A named type, a field of one or a parameter of an operation."""

    path: str

    is_empty: bool
    """Any value fits."""

    is_nullable: bool


@dataclass(frozen=True)
class Types:
    """The types in a client, and the errors of its compiler."""

    errors: Sequence[str]
    properties: Sequence[Property]


def read_typescript(tools: Tools, client: Path, files: Sequence[str], *, exact: bool) -> Types:
    """Compile a client and read the exported types of its files.

    Args:
        tools: the installed tools.
        client: the client's folder.
        files: the names of the files with its types.
        exact: optional properties may be missing, but not `undefined`.
    """
    options = json.dumps({**_COMPILER_OPTIONS, "exactOptionalPropertyTypes": exact})
    command = [*NODE, str(_HERE / "check_types.mjs"), str(client), options, *files]
    found = subprocess.run(command, cwd=tools.packages, capture_output=True, text=True, check=True)
    answer = json.loads(found.stdout)
    properties = [
        Property(each["path"], is_empty=each["isEmpty"], is_nullable=each["isNullable"])
        for each in answer["properties"]
    ]
    return Types(answer["errors"], properties)


def read_python(tools: Tools, package: Path) -> Types:
    """Check a client with mypy and read its models and operations."""
    command = [tools.python, "-m", "mypy", "--config-file", _HERE / "mypy.ini", package.name]
    command += ["--cache-dir", CACHE / "clients/mypy"]
    checked = subprocess.run(
        command, cwd=package.parent, capture_output=True, text=True, check=False
    )
    errors = checked.stdout.splitlines() if checked.returncode else []
    return Types(errors, list(_read_package(package)))


def _read_package(package: Path) -> Iterator[Property]:
    for file in sorted((package / "models").glob("*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef) and node.decorator_list:
                yield from _read_model(node)
    for file in sorted((package / "api").rglob("*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name == "sync_detailed":
                yield from _read_operation(file.stem, node)


def _read_model(model: ast.ClassDef) -> Iterator[Property]:
    """Yield a model and its fields; one without fields may be a map."""
    fields = {
        statement.target.id: _words(statement.annotation)
        for statement in model.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    }
    further = fields.pop(_FURTHER_KEYS, set[str]())
    yield Property(model.name, is_empty=not fields and "Any" in further, is_nullable=False)
    for name, words in fields.items():
        yield _make_property(f"{model.name}.{name}", words)


def _read_operation(name: str, operation: ast.FunctionDef) -> Iterator[Property]:
    """Yield the parameters except those in the path, as they come before the `*`."""
    for argument in operation.args.kwonlyargs:
        if argument.arg not in _OPTIONS_OF_THE_GENERATOR and argument.annotation:
            yield _make_property(f"{name}().{argument.arg}", _words(argument.annotation))


def _make_property(path: str, words: set[str]) -> Property:
    return Property(path, is_empty=bool(words & {"Any", "object"}), is_nullable="None" in words)


def _words(annotation: ast.expr) -> set[str]:
    nodes = list(ast.walk(annotation))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
