"""Generators of clients, and how each of them names the parameters of operations."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from infra.paths import OPENAPI, ROOT
from tests.real.clients.client_types import Types, read_python, read_typescript
from tests.real.clients.tools import NODE, Tools

type _Command = Sequence[str | Path]


@dataclass(frozen=True)
class Generator:
    """A generator of clients."""

    name: str
    command: Callable[[Tools, Path], _Command]
    """The command that writes a client into a folder."""

    read: Callable[[Tools, Path], Types]

    parameters: str
    """A pattern of the paths of query parameters."""

    ignored: str = r"$."
    """A pattern of the paths of types that describe no data."""

    def generate(self, tools: Tools, folder: Path) -> Types:
        """Write the client and read its types."""
        command = self.command(tools, folder)
        subprocess.run(command, cwd=tools.packages, capture_output=True, text=True, check=True)
        return self.read(tools, folder)


def _hey_api(tools: Tools, folder: Path) -> _Command:
    module = tools.packages / "node_modules/@hey-api/openapi-ts/bin/run.js"
    return [*NODE, module, "--input", OPENAPI, "--output", folder, "--no-log-file"]


def _orval(tools: Tools, folder: Path) -> _Command:
    module = tools.packages / "node_modules/orval/dist/bin/orval.mjs"
    return [*NODE, module, "--input", OPENAPI, "--output", folder / "api.ts", "--client", "fetch"]


def _openapi_generator(tools: Tools, folder: Path) -> _Command:
    command = ["java", "-XX:TieredStopAtLevel=1", "-jar", tools.jar, "generate"]
    return [*command, "-i", OPENAPI, "-g", "typescript-fetch", "-o", folder]


def _openapi_python_client(tools: Tools, folder: Path) -> _Command:
    program = tools.python.with_name("openapi-python-client")
    command = [program, "generate", "--fail-on-warning", "--meta", "none", "--path", OPENAPI]
    return [*command, "--output-path", folder / "portfolio_client"]


def _make_client(_tools: Tools, _folder: Path) -> _Command:
    return ["make", "--directory", ROOT, "client"]


def _read_made_client(tools: Tools, _folder: Path) -> Types:
    return read_typescript(tools, ROOT / "client/generated", ["schema.ts"], exact=True)


GENERATORS: Final = (
    Generator(
        "openapi-typescript",
        _make_client,
        _read_made_client,
        parameters=r"\.parameters\.query\.",
        ignored=r"webhooks|\$defs",
    ),
    Generator(
        "hey-api",
        _hey_api,
        # Its runtime sets optional properties to undefined.
        partial(read_typescript, files=["types.gen.ts"], exact=False),
        parameters=r"\w+Data\.query\.",
    ),
    Generator(
        "orval",
        _orval,
        partial(read_typescript, files=["api.ts"], exact=True),
        parameters=r"\w+Params\.",
    ),
    Generator(
        "openapi-generator",
        _openapi_generator,
        # Its runtime sets optional properties to undefined.
        partial(read_typescript, files=["models/index.ts", "apis/index.ts"], exact=False),
        parameters=r"\w+Request\.",
    ),
    Generator(
        "openapi-python-client",
        _openapi_python_client,
        lambda tools, folder: read_python(tools, folder / "portfolio_client"),
        parameters=r"\w+\(\)\.",
    ),
)
