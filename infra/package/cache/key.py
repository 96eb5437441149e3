"""The cache key of a build result: named parts, also stored next to the result."""

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
"""All inputs of a result, by name. The value is readable text or a SHA-256."""

LOCK: Final = "uv.lock"
"""Name of the part with the SHA-256 of the requirements."""

PINS: Final = "uv.lock/"
"""Prefix of the parts with the version of each dependency."""

SOURCES: Final = "backend/"
"""Prefix of the parts with the SHA-256 of each source file."""

TARGET: Final = ("python", "architecture", "system", "docs", "engine")
"""Parts naming the kind of build. A build is compared with the last one of its kind."""

_FILE: Final = "key.json"
_PIN: Final = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def dependency_parts(requirements: str, target: Target, engine: Engine) -> Parts:
    """Return the key of the dependencies, with the versions of builder, compiler and zlib."""
    return {
        LOCK: _sha256(requirements.encode()),
        **{f"{PINS}{name}": version for name, version in _PIN.findall(requirements)},
        "python": target.python,
        "architecture": target.architecture,
        "system": target.system,
        "docs": "included" if target.docs else "left out",
        **engine.key,
        "uv": run_uv("--version").stdout.strip(),
        "compiler": f"{platform.python_implementation()} {platform.python_version()}",
        "compressor": f"zlib {zlib.ZLIB_RUNTIME_VERSION}",
        "builder": _builder_version(),
    }


def zip_parts(dependencies: Parts, sources: Mapping[str, bytes]) -> Parts:
    """Return the key of the zip: its dependencies and the function's own files."""
    return {
        **{name: dependencies[name] for name in TARGET},
        "dependencies": digest(dependencies),
        **{f"{SOURCES}{name}": _sha256(content) for name, content in sources.items()},
    }


def write_parts(parts: Parts, folder: Path) -> None:
    """Store the parts next to the result."""
    text = json.dumps(parts, indent=1, sort_keys=True)
    (folder / _FILE).write_text(f"{text}\n", encoding="utf-8")


def read_parts(folder: Path) -> Parts | None:
    """Return the parts of a result, or None if they are deleted, missing or unreadable."""
    with suppress(OSError, ValueError):
        return json.loads((folder / _FILE).read_text(encoding="utf-8"))
    return None


def _builder_version() -> str:
    package = Path(__file__).parents[1]
    files = package.rglob("*.py")
    return digest({str(path.relative_to(package)): path.read_bytes() for path in files})


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
