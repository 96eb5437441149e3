"""No setting of the user changes what is built: each is tried with the real uv, pip and Python."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from infra.package import Package, Target
from infra.package.engine import Installation
from infra.package.host_engine import HOST
from infra.package.lock import export_requirements
from infra.paths import ROOT
from tests.package.user_settings import OF_PIP, OF_PYTHON, SETTINGS, VARIABLES

pytestmark = pytest.mark.real

type Build = Callable[..., Package]
type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]

LOOK: Final = "import sys; print(list(sys.flags), sys.path, sys.warnoptions, sys.prefix)"


def uv_toml(names: list[str]) -> str:
    """Return a settings file; the settings of a table are last."""
    lines = [f"{name} = {SETTINGS[name]}" for name in names if "." not in name]
    tables = [f"{name.partition('.')[2]} = {SETTINGS[name]}" for name in names if "." in name]
    return "\n".join([*lines, *(["[pip]"] if tables else []), *tables])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file of settings for uv, which does not exist yet."""
    file = tmp_path / "home" / "uv" / "uv.toml"
    file.parent.mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    return file


@pytest.fixture
def started(checkout: Path) -> Path:
    """A checkout with the start script, and with an environment so that none is created."""
    (checkout / "bin").mkdir()
    scripts = ("bin/uv", "bin/interruptible.sh", "bin/install_uv.py")
    for name in (*scripts, "infra/package/uv_config.py"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    (checkout / "bin/uv").chmod(0o755)
    (checkout / ".venv/bin").mkdir(parents=True)
    (checkout / ".venv/bin/python").symlink_to(sys.executable)
    return checkout


def export(checkout: Path, variables: dict[str, str] | None = None) -> str:
    """Return the locked requirements, as the start script's uv prints them."""
    run = subprocess.run(
        ["bin/uv", "export", "--quiet", "--locked", "--no-header"],
        cwd=checkout,
        env=os.environ | {"PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"} | (variables or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout


@pytest.fixture
def install(checkout: Path, tmp_path: Path) -> Callable[[], str]:
    """Return a function to install the dependencies; it returns a digest of all files."""
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(export_requirements(checkout))
    count = iter(range(1000))

    def install_them() -> str:
        folder = tmp_path / f"installed-{next(count)}"
        folder.mkdir()
        done = HOST.install(
            Installation(
                requirements=requirements, target=Target(), folder=folder, project=checkout
            )
        )
        assert (done.returncode, done.stderr) == (0, "")
        found = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            found.update(f"{path.relative_to(folder)} {path.is_symlink()}\n".encode())
            if path.is_file():
                found.update(path.read_bytes())
        return found.hexdigest()

    return install_them


def test_no_variable_changes_the_requirements_or_the_installed_files(
    started: Path, install: Callable[[], str]
) -> None:
    requirements, installed = export(started), install()
    for name, value in VARIABLES.items():
        assert export(started, {name: value}) == requirements, name
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(name, value)
            assert install() == installed, name


def test_no_setting_of_a_file_changes_the_requirements_or_the_installed_files(
    started: Path, install: Callable[[], str], home: Path
) -> None:
    requirements, installed = export(started), install()
    for name in SETTINGS:
        home.write_text(uv_toml([name]))
        assert export(started) == requirements, name
        assert install() == installed, name


@pytest.mark.parametrize("place", ["user", "checkout", "UV_CONFIG_FILE", "parent"])
def test_all_of_them_at_once_build_the_same_bytes(
    checkout: Path, build: Build, home: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    before = build(checkout).sha256
    (checkout / ".cache").rename(checkout / "cache-of-before")
    file = {"user": home, "checkout": checkout / "uv.toml", "parent": checkout.parent / "uv.toml"}
    chosen = file.get(place, home.with_name("chosen.toml"))
    chosen.write_text(uv_toml(list(SETTINGS)))
    if place == "UV_CONFIG_FILE":
        monkeypatch.setenv("UV_CONFIG_FILE", str(chosen))
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    after = build(checkout)
    assert after.steps["dependencies"] != "reused"
    assert after.sha256 == before


def test_indexes_of_the_users_file_are_used(
    index: tuple[Path, str],
    install: Callable[[], str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed = install()
    monkeypatch.delenv("UV_DEFAULT_INDEX")
    monkeypatch.setenv("UV_CACHE_DIR", str(home.parent / "cache"))
    home.write_text(f'exclude-newer = "2000-01-01"\nindex-url = "{index[1]}"\n')
    assert install() == installed


def test_no_variable_of_python_changes_the_start_of_a_command(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong module')")

    def look(variables: dict[str, str]) -> tuple[str, str]:
        run = subprocess.run(
            ["bin/uv", "run", "--no-sync", "python", "-c", f"import json; {LOOK}"],
            cwd=ROOT,
            env=os.environ | {"PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"} | variables,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return run.stdout, run.stderr

    expected = look({})
    assert expected[0]
    for name, value in OF_PYTHON.items():
        assert look({name: value.format(folder=tmp_path)}) == expected, name


@pytest.fixture
def without_uv(started: Path, publish_wheel: PublishWheel, index: tuple[Path, str]) -> Path:
    """A checkout whose lock has another uv, which is in the index only."""
    script = "#!/bin/sh\necho uv 99.0.0\n"
    publish_wheel("uv", {"uv-1.0.data/scripts/uv": script})
    page = (index[0] / "uv" / "index.html").read_text()
    sha256 = page.partition("sha256=")[2][:64]
    (started / "uv.lock").write_text(
        f'[[package]]\nname = "uv"\nversion = "1.0"\nwheels = [{{ hash = "sha256:{sha256}" }}]\n'
    )
    with (started / "pyproject.toml").open("a") as file:
        file.write('required-version = ">=99"\n')
    return started


@pytest.mark.parametrize("place", ["variables", "global", "install"])
def test_no_setting_of_pip_changes_the_installed_uv(
    without_uv: Path, index: tuple[Path, str], tmp_path: Path, place: str
) -> None:
    section = "global" if place == "variables" else place
    own = OF_PIP if place != "variables" else {}
    lines = [f"{name} = {value}" for name, value in (own | {"index-url": index[1]}).items()]
    (tmp_path / "pip.conf").write_text("\n".join([f"[{section}]", *lines]))
    variables = {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
    if place == "variables":
        variables |= {f"PIP_{name.upper().replace('-', '_')}": OF_PIP[name] for name in OF_PIP}
    run = install_uv(without_uv, variables)
    assert (run.returncode, run.stdout) == (0, "uv 99.0.0\n"), run.stderr
    assert sorted(each.name for each in (without_uv / ".cache").iterdir()) == ["uv"]


def test_another_file_than_in_the_lock_is_refused_with_pips_reason(
    without_uv: Path, index: tuple[Path, str]
) -> None:
    lock = without_uv / "uv.lock"
    lock.write_text(lock.read_text().replace("sha256:", "sha256:0")[:-6] + '" }]\n')
    run = install_uv(without_uv, {"PIP_INDEX_URL": index[1]})
    assert run.returncode == 1
    begin, reason, advice = run.stderr.splitlines()
    assert begin == "· uv: installing into .cache/uv"
    assert reason.startswith("error: pip could not install uv: ")
    assert "HASH" in reason.upper()
    assert advice.startswith("Install uv yourself")
    assert not list((without_uv / ".cache").iterdir())


def install_uv(checkout: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the start script where the uv on PATH is too old."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return subprocess.run(
        ["bin/uv", "--version"],
        cwd=checkout,
        # The Python of this environment has no pip.
        env=rest | {"PATH": f"{sys.base_prefix}/bin:{os.environ['PATH']}"} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
