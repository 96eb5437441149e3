"""What a build result is kept by: named parts, which are also kept beside it."""

import hashlib
import json
import platform
import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from infra.package.cache.entries import digest
from infra.package.engine import Engine
from infra.package.target import Target
from infra.package.uv import run_uv

type Parts = dict[str, str]
"""Everything that goes into a result, by name: a value worth reading, or its SHA-256."""

LOCK: Final = "uv.lock"
PINS: Final = "uv.lock/"
SOURCES: Final = "backend/"
"""What the names of parts are, or begin with."""

TARGET: Final = ("python", "architecture", "system", "engine")
"""The parts that tell builds apart which take turns: each is compared with its own kind."""

_FILE: Final = "key.json"
_PIN: Final = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def dependency_parts(requirements: str, target: Target, engine: Engine) -> Parts:
    """A changed builder, or another compiler or compressor, never finds what an old one made."""
    return {
        LOCK: _sha256(requirements.encode()),
        **{f"{PINS}{name}": version for name, version in _PIN.findall(requirements)},
        "python": target.python,
        "architecture": target.architecture,
        "system": target.system,
        **engine.key,
        "uv": run_uv("--version").stdout.strip(),
        "compiler": f"{platform.python_implementation()} {platform.python_version()}",
        "compressor": f"zlib {zlib.ZLIB_RUNTIME_VERSION}",
        "builder": _builder_version(),
    }


def zip_parts(dependencies: Parts, sources: Mapping[str, bytes]) -> Parts:
    """What the zip is kept by: its dependencies, and the function's own files."""
    return {
        **{name: dependencies[name] for name in TARGET},
        "dependencies": digest(dependencies),
        **{f"{SOURCES}{name}": _sha256(content) for name, content in sources.items()},
    }


def write_parts(parts: Parts, folder: Path) -> None:
    """Keep the parts beside the result."""
    (folder / _FILE).write_text(json.dumps(parts, indent=1, sort_keys=True) + "\n")


def read_parts(folder: Path) -> Parts | None:
    """The parts of a result; `None` if it was just deleted, or an old builder kept none."""
    with suppress(OSError, ValueError):
        return json.loads((folder / _FILE).read_text())
    return None


def _builder_version() -> str:
    package = Path(__file__).parents[1]
    files = package.rglob("*.py")
    return digest({str(path.relative_to(package)): path.read_bytes() for path in files})


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
