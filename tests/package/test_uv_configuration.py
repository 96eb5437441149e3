"""Of the user's settings of uv, only those about downloads reach it."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from infra.errors import PackageError
from infra.package.uv import INHERITED_SETTINGS, uv_environment
from infra.paths import ROOT
from infra.processes.environment import inherited_environment

PROJECT = """
[tool.uv]
required-version = ">=0.13"
default-groups = ["dev"]
conflicts = [[{ package = "a" }, { group = "b" }]]
find-links = ["wheels"]
[[tool.uv.index]]
name = "ours"
url = "https://ours.example/simple"
"""
USERS = r"""
exclude-newer = 2020-01-01T00:00:00Z
link-mode = "symlink"
index-url = "https://me:p\"w\\\u007f@users.example/simple" # pragma: allowlist secret
no-binary = true
offline = false
cache-dir = "cache"
find-links = ["./links", "https://links.example"]
concurrent-downloads = 3
[[index]]
name = "theirs"
url = "local"
exclude-newer = "2020-01-01"
explicit = true
[pip]
target = "/tmp"
extra-index-url = ["https://pip.example"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(PROJECT)
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of settings, and no settings of the machine."""
    folder = tmp_path / "home" / "uv"
    folder.mkdir(parents=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder.parent))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "machine"))
    monkeypatch.delenv("UV_CONFIG_FILE", raising=False)
    return folder


def settings(project: Path) -> dict[str, Any]:
    return tomllib.loads(Path(uv_environment(project)["UV_CONFIG_FILE"]).read_text())


def test_without_a_file_of_the_user_uv_reads_the_project_itself(home: Path, project: Path) -> None:
    assert not list(home.iterdir())
    assert "UV_CONFIG_FILE" not in uv_environment(project)


def test_the_file_for_uv_has_the_projects_settings_and_the_users_for_downloads(
    home: Path, project: Path
) -> None:
    (home / "uv.toml").write_text(USERS)
    assert settings(project) == {
        "required-version": ">=0.13",
        "find-links": [f"{project}/wheels", f"{home}/links", "https://links.example"],
        "index": [
            {"name": "ours", "url": "https://ours.example/simple"},
            {"name": "theirs", "url": f"{home}/local", "explicit": True},
        ],
        # pragma: allowlist nextline secret
        "index-url": 'https://me:p"w\\\x7f@users.example/simple',
        "offline": False,
        "cache-dir": f"{home}/cache",
        "concurrent-downloads": 3,
        "pip": {"extra-index-url": ["https://pip.example"]},
    }
    assert Path(uv_environment(project)["UV_CONFIG_FILE"]).stat().st_mode & 0o077 == 0


def test_the_files_are_those_that_uv_would_read(
    home: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "machine" / "uv").mkdir(parents=True)
    (tmp_path / "machine" / "uv" / "uv.toml").write_text('keyring-provider = "subprocess"')
    (home / "uv.toml").write_text('index-url = "https://users.example"\nlink-mode = "copy"')
    (project / "uv.toml").write_text('index-url = "https://checkout.example"\nno-build = true')
    found = settings(project)
    assert found["keyring-provider"] == "subprocess"
    assert found["index-url"] == "https://checkout.example"
    assert not {"link-mode", "no-build"} & found.keys()
    chosen = tmp_path / "chosen.toml"
    chosen.write_text('native-tls = true\nresolution = "lowest"')
    monkeypatch.setenv("UV_CONFIG_FILE", str(chosen))
    found = settings(project)
    assert found["native-tls"] is True
    assert not {"index-url", "keyring-provider", "resolution"} & found.keys()
    # A command of ours, started by another one, reads the other's file.
    monkeypatch.setenv("UV_CONFIG_FILE", uv_environment(project)["UV_CONFIG_FILE"])
    assert settings(project) == found


@pytest.mark.parametrize(
    ("content", "reason"),
    [("a = [", "Invalid value"), (b"a = '\xff'".decode("latin-1"), "codec can't decode")],
)
def test_a_broken_file_is_named(home: Path, project: Path, content: str, reason: str) -> None:
    (home / "uv.toml").write_text(content, encoding="latin-1")
    told = (
        rf"^{re.escape(str(home))}/uv.toml cannot be read \(.*{reason}.*\): fix it or remove it\.$"
    )
    with pytest.raises(PackageError, match=told):
        uv_environment(project)


@pytest.mark.parametrize("content", ["index = 3", 'index = ["a"]', "pip = 3", "find-links = 3"])
def test_a_wrong_value_is_left_to_uv(home: Path, project: Path, content: str) -> None:
    (home / "uv.toml").write_text(content)
    assert "UV_CONFIG_FILE" in uv_environment(project)


@pytest.mark.parametrize("script", ["bin/uv", "bin/portfolio"])
def test_the_start_scripts_drop_the_same_variables(tmp_path: Path, script: str) -> None:
    """They run before Python, so they have lists of their own."""
    names = (
        {f"{name}_MORE" for name in INHERITED_SETTINGS}
        | {*INHERITED_SETTINGS}
        | {
            *("CONDA_PREFIX", "VIRTUAL_ENV", "UV_PYTHON", "UV_EXCLUDE_NEWER", "UV_NO_BINARY"),
            *("PYTHONHOME", "PYTHONOPTIMIZE", "PYTHONUNBUFFERED", "PYTHONFAULTHANDLER"),
            *("PYTHON_KEYRING_BACKEND", "PYTHONSTARTUP", "PYTHONSAFEPATH", "UV", "UVX", "PYTHON"),
        }
    )
    for folder in ("bin", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv/bin/python").symlink_to("/bin/sh")
    for name in ("bin/uv", "bin/portfolio", "bin/interruptible.sh"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv/pyvenv.cfg").touch()
    (tmp_path / ".venv/bin/portfolio").symlink_to(shutil.which("env") or "/missing")
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\ncase $1 in --version) echo uv 99.0.0 ;; "") env ;; esac\n')
    uv.chmod(0o755)
    variables = {name: "made-up" for name in names if not name.startswith("UV_CONFIG_FILE")}
    run = subprocess.run(
        [tmp_path / script],
        env=variables | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    left = {name for name in variables if f"{name}=made-up" in run.stdout.splitlines()}
    with pytest.MonkeyPatch.context() as patch:
        for name in variables:
            patch.setenv(name, "made-up")
        expected = uv_environment().keys() & inherited_environment().keys() & variables.keys()
    assert left == expected
