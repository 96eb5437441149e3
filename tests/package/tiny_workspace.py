"""Fixtures: a tiny workspace with its own package index. It builds in under a second.

The `conftest.py` of a folder imports them.
"""

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from stat import S_IFREG
from typing import Any, override
from zipfile import ZipFile

import pytest

from infra.package import Package, Target, build_package
from infra.package.lock import BACKEND_PROJECT
from infra.package.uv import run_uv

__all__ = [
    "build",
    "built_dependencies",
    "checkout",
    "index",
    "lock",
    "lock_texts",
    "make_checkout",
    "publish_wheel",
    "ready",
    "uv_cache",
]

type PublishWheel = Callable[..., None]
type Lock = Callable[..., None]
type Build = Callable[..., Package]

WORKSPACE = """
[project]
name = "tiny"
version = "0"
requires-python = "==3.12.*"
[tool.uv]
package = false
[tool.uv.workspace]
members = ["backend"]
"""
BACKEND = """
[project]
name = "{name}"
version = "0"
requires-python = "==3.12.*"
dependencies = {dependencies}
[project.optional-dependencies]
docs = []
[tool.uv]
package = false
"""
MAIN = """
import json
import os

import pebble


def handler(event, context):
    assert event["version"] == "2.0" and context.aws_request_id
    assert pebble.WEIGHT and os.environ["STAGE"] == "made-up"
    healthy = event["rawPath"] == "/health"
    return {"statusCode": 200 if healthy else 404, "body": json.dumps({"status": "healthy"})}
"""
PEBBLE = """
WEIGHT, NAMES = 3, frozenset({"granite", "flint", "marble", "slate"})


class Pebble:
    def skip(self, *, times: int = 3) -> str:
        return ", ".join(name for name in sorted(NAMES))
"""


class _QuietHandler(SimpleHTTPRequestHandler):
    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Yield the folder and the URL of a package index on loopback."""
    folder = tmp_path_factory.mktemp("index")
    handler = partial(_QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _link(wheel: Path) -> str:
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f'<a href="{wheel.name}#sha256={sha256}">{wheel.name}</a>'


@pytest.fixture(scope="session")
def publish_wheel(index: tuple[Path, str]) -> PublishWheel:
    """Return a function to add a wheel to the index: `publish_wheel(name, files, tag=…)`."""
    folder = index[0]

    def publish(name: str, files: Mapping[str, str | bytes], tag: str = "py3-none-any") -> None:
        notes = f"{name}-1.0.dist-info"
        contents: dict[str, str | bytes] = {
            **files,
            f"{notes}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
            f"{notes}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        }
        contents[f"{notes}/RECORD"] = "".join(f"{path},,\n" for path in contents)
        page = folder / name / "index.html"
        page.parent.mkdir(exist_ok=True)
        wheel = page.with_name(f"{name}-1.0-{tag}.whl")
        with ZipFile(wheel, "w") as archive:
            for path, content in contents.items():
                archive.writestr(path, content)
                if "/scripts/" in path:
                    archive.getinfo(path).external_attr = (S_IFREG | 0o755) << 16
        page.write_text("".join(map(_link, sorted(page.parent.glob("*.whl")))))

    return publish


@pytest.fixture(scope="session")
def uv_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uv-cache")


@pytest.fixture(scope="session")
def lock_texts() -> dict[tuple[str, ...], str]:
    """Return the cached lock files, by their inputs."""
    return {}


@pytest.fixture
def lock(
    index: tuple[Path, str],
    uv_cache: Path,
    user_cache: Path,  # noqa: ARG001 - it sets the variables
    lock_texts: dict[tuple[str, ...], str],
    monkeypatch: pytest.MonkeyPatch,
) -> Lock:
    """Return a function to lock a workspace with dependencies: `lock(checkout, *names)`."""
    monkeypatch.setenv("UV_DEFAULT_INDEX", index[1])
    monkeypatch.setenv("UV_CACHE_DIR", str(uv_cache))
    monkeypatch.delenv("UV_OFFLINE", raising=False)

    def write_lock(checkout: Path, *dependencies: str) -> None:
        text = BACKEND.format(name=BACKEND_PROJECT, dependencies=list(dependencies))
        (checkout / "backend/pyproject.toml").write_text(text)
        wheels = [(index[0] / name / "index.html").read_text() for name in dependencies]
        made_from = ((checkout / "pyproject.toml").read_text(), text, *wheels)
        if made_from not in lock_texts:
            # Tests add wheels to the index.
            result = run_uv("lock", "--refresh", project=checkout)
            assert result.returncode == 0, result.stderr
            lock_texts[made_from] = (checkout / "uv.lock").read_text()
        (checkout / "uv.lock").write_text(lock_texts[made_from])

    return write_lock


@pytest.fixture(scope="session")
def make_checkout(publish_wheel: PublishWheel) -> Callable[[Path], Path]:
    """Return a function to create a workspace in a folder, without a lock."""
    publish_wheel(
        "pebble",
        {
            "pebble/__init__.py": PEBBLE,
            "pebble/__init__.pyi": "WEIGHT: int",
            "pebble/py.typed": "",
            "pebble/tests/test_pebble.py": "",
            "pebble/for_python_2.py": "print 'no longer a statement'",
            "pebble/warns.py": "'' is ''",
            "pebble-1.0.dist-info/licenses/LICENSE": "Do as you like.",
            "pebble-1.0.dist-info/entry_points.txt": "[console_scripts]\npebble = pebble:Pebble\n",
        },
    )

    def make(folder: Path) -> Path:
        (folder / "backend/src").mkdir(parents=True)
        (folder / "pyproject.toml").write_text(WORKSPACE)
        (folder / "backend/src/__init__.py").touch()
        (folder / "backend/src/main.py").write_text(MAIN)
        return folder

    return make


@pytest.fixture
def checkout(tmp_path: Path, make_checkout: Callable[[Path], Path], lock: Lock) -> Path:
    """Return a locked workspace, ready to build."""
    folder = make_checkout(tmp_path / "checkout")
    lock(folder, "pebble")
    return folder


def _build(checkout: Path, target: Target | None = None, **options: Any) -> Package:
    options = {"environment": {"STAGE": "made-up"}} | options
    return build_package(target or Target(), project=checkout, **options)


@pytest.fixture
def build() -> Build:
    """Return a function to build: `build(checkout)`, with the options of `build_package`."""
    return _build


@pytest.fixture(scope="session")
def built_dependencies() -> list[Path]:
    """Return a list for the folder of built dependencies; the first use fills it."""
    return []


@pytest.fixture
def ready(
    tmp_path: Path,
    make_checkout: Callable[[Path], Path],
    lock: Lock,
    built_dependencies: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return a locked workspace with built dependencies: only the zip is missing."""
    folder = make_checkout(tmp_path / "ready")
    lock(folder, "pebble")
    if not built_dependencies:
        first = shutil.copytree(folder, tmp_path_factory.mktemp("ready") / "checkout")
        _build(first)
        shutil.rmtree(first / ".cache/package/zips")
        built_dependencies.append(first / ".cache")
    shutil.copytree(built_dependencies[0], folder / ".cache")
    return folder
