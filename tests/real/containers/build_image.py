"""A stand-in for the Lambda build image: Debian, with this machine's Python in Lambda's folder.

CI cannot pull the real image. The stand-in is made once and cached in `.cache`.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from infra.package.cache.entries import digest
from infra.paths import CACHE

NAME: Final = "stand-in-for-the-lambda-build-image"

_LANGUAGE: Final = Path("var/lang")
_VERSION: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"
_LEFT_OUT: Final = ("__pycache__", "config-*", "idlelib", "site-packages", "test", "tkinter")
_LINKED: Final = re.compile(r" => (/\S+)")


def load_stand_in() -> str:
    """Load the image into the running engine, build it if needed, and return its name."""
    key = digest({"python": sys.version, "script": Path(__file__).read_bytes()})
    kept = CACHE / "build-image" / f"{key[:16]}.tar"
    if kept.exists():
        _run("docker", "load", "--input", kept)
    else:
        shutil.rmtree(kept.parent, ignore_errors=True)
        kept.parent.mkdir(parents=True)
        _make(kept)
    return NAME


def _make(kept: Path) -> None:
    with TemporaryDirectory(dir=kept.parent) as folder:
        root, saved = Path(folder) / "root", Path(folder) / "saved"
        _run("debootstrap", "--variant=minbase", _debian_release(), root)
        _copy_python(root / _LANGUAGE)
        _copy_libraries(root)
        _import(root)
        # `docker load` keeps the id of the image; a second import would not.
        _run("docker", "save", "--output", saved, NAME)
        saved.rename(kept)


def _import(root: Path) -> None:
    left_out = ("dev", "proc", "sys", "var/cache", "var/lib/apt/lists")
    packed = root.with_name("packed")
    exclude = [f"--exclude=./{path}/*" for path in left_out]
    _run("tar", "--create", f"--file={packed}", f"--directory={root}", *exclude, ".")
    changes = (
        f"ENV PATH=/{_LANGUAGE}/bin:/usr/local/bin:/usr/bin:/bin",
        f"ENV LD_LIBRARY_PATH=/{_LANGUAGE}/lib",
    )
    options = [word for change in changes for word in ("--change", change)]
    _run("docker", "import", *options, packed, NAME)


def _debian_release() -> str:
    """Return this machine's release: its Python needs the release's glibc."""
    found = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.MULTILINE)
    assert found
    return found[1]


def _copy_python(target: Path) -> None:
    """Copy the interpreter and its standard library, without packages."""
    source = Path(sys.base_prefix)
    (target / "bin").mkdir(parents=True)
    shutil.copy2(source / "bin" / _VERSION, target / "bin")
    ignore = shutil.ignore_patterns(*_LEFT_OUT)
    shutil.copytree(source / "lib" / _VERSION, target / "lib" / _VERSION, ignore=ignore)
    for library in (source / "lib").glob("libpython3*.so*"):
        shutil.copy2(library, target / "lib")


def _copy_libraries(root: Path) -> None:
    """Copy the libraries of the extension modules, if the minimal system lacks them."""
    modules = (root / _LANGUAGE / "lib" / _VERSION / "lib-dynload").glob("*.so")
    linked = {path for module in modules for path in _LINKED.findall(_run("ldd", module))}
    for library in map(Path, sorted(linked)):
        if not (root / library.relative_to("/")).exists():
            shutil.copy2(library, root / _LANGUAGE / "lib")


def _run(*command: str | Path) -> str:
    result = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"}
    )
    assert result.returncode == 0, f"{command}: {result.stderr or result.stdout[-500:]}"
    return result.stdout
