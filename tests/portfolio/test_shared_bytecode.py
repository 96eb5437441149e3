"""The checkouts of a user share the bytecode of libraries: the next one compiles nothing."""

import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from infra.paths import PROJECT
from portfolio.shared_bytecode import share_bytecode, use_bytecode

type MakeEnvironment = Callable[..., Path]

SOURCE = "VALUE = 1\n"


@pytest.fixture
def make_environment(tmp_path: Path) -> MakeEnvironment:
    """Return a function that makes an environment as uv does, with links to one set of files."""
    origin = tmp_path / "origin"
    (origin / "stone").mkdir(parents=True)
    (origin / "stone/__init__.py").write_text(SOURCE)
    (origin / "stone-1.dist-info").mkdir()
    (origin / "stone-1.dist-info/METADATA").touch()

    def make(name: str) -> Path:
        environment = tmp_path / name
        libraries = environment / "lib/python3.12/site-packages"
        shutil.copytree(origin, libraries, copy_function=os.link)
        own = libraries / f"{PROJECT}-1.dist-info"
        own.mkdir()
        (own / "METADATA").touch()
        (own / "direct_url.json").touch()
        return environment

    return make


def source(environment: Path, name: str = "stone") -> Path:
    return environment / "lib/python3.12/site-packages" / name / "__init__.py"


def bytecode(environment: Path, name: str = "stone") -> Path:
    return Path(cache_from_source(str(source(environment, name))))


def test_a_new_environment_imports_the_bytecode_of_another(
    make_environment: MakeEnvironment, user_cache: Path
) -> None:
    first, second = make_environment("first"), make_environment("second")
    use_bytecode(first)
    assert not bytecode(first).exists()
    py_compile.compile(str(source(first)))
    share_bytecode(first)
    shutil.rmtree(first)
    use_bytecode(second)
    assert bytecode(second).samefile(*user_cache.rglob("*.pyc"))
    code = "import stone; print(stone.__file__)"
    words = [sys.executable, "-v", "-c", code]
    variables = {"PYTHONPATH": str(source(second).parents[1])}
    ran = subprocess.run(words, env=variables, capture_output=True, text=True, check=True)
    assert f"code object from '{bytecode(second)}'" in ran.stderr
    assert ran.stdout == f"{source(second)}\n"


def test_other_libraries_have_bytecode_of_their_own(
    make_environment: MakeEnvironment, user_cache: Path
) -> None:
    first, second = make_environment("first"), make_environment("second")
    py_compile.compile(str(source(first)))
    share_bytecode(first)
    metadata = source(second).parents[1] / "stone-1.dist-info/METADATA"
    metadata.unlink()  # a link: the first one must not change
    metadata.touch()
    use_bytecode(second)
    assert not bytecode(second).exists()
    py_compile.compile(str(source(second)))
    share_bytecode(second)
    assert len(list((user_cache / PROJECT / "bytecode").iterdir())) == 2


@pytest.mark.usefixtures("user_cache")
def test_each_installation_is_looked_through_once(make_environment: MakeEnvironment) -> None:
    first, second = make_environment("first"), make_environment("second")
    use_bytecode(second)
    py_compile.compile(str(source(first)))
    share_bytecode(first)
    use_bytecode(second)
    assert not bytecode(second).exists()
    # uv adds a library to both.
    for environment in (first, second):
        new = source(environment, "pebble")
        new.parent.mkdir()
        new.write_text(SOURCE)
        os.utime(new.parents[1])
    py_compile.compile(str(source(first, "pebble")))
    share_bytecode(first)
    use_bytecode(second)
    assert bytecode(second).exists()
    assert bytecode(second, "pebble").exists()


@pytest.mark.usefixtures("user_cache")
def test_bytecode_that_is_there_stays(make_environment: MakeEnvironment) -> None:
    first, second = make_environment("first"), make_environment("second")
    for environment in (first, second):
        py_compile.compile(str(source(environment)))
    own = bytecode(second).stat().st_ino
    share_bytecode(first)
    use_bytecode(second)
    assert bytecode(second).stat().st_ino == own


def test_six_sets_of_libraries_are_kept(
    make_environment: MakeEnvironment, user_cache: Path
) -> None:
    shared = user_cache / PROJECT / "bytecode"
    made: list[Path] = []
    for number in range(8):
        environment = make_environment(f"environment-{number}")
        own = source(environment).parents[1] / f"number_{number}-1.dist-info"
        own.mkdir()
        (own / "METADATA").touch()
        py_compile.compile(str(source(environment)))
        share_bytecode(environment)
        made += [each for each in shared.iterdir() if each not in made]
    assert {*shared.iterdir()} == {*made[2:]}


def test_what_cannot_be_used_is_done_without(
    make_environment: MakeEnvironment, user_cache: Path
) -> None:
    environment, folder = make_environment("environment"), user_cache / PROJECT
    py_compile.compile(str(source(environment)))
    folder.touch()
    share_bytecode(environment)
    assert folder.is_file()
    folder.unlink()
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
    else:
        folder.chmod(0o500)
    share_bytecode(environment)
    assert not list(folder.iterdir())
    use_bytecode(environment / "missing")


def test_it_runs_before_the_long_imports() -> None:
    code = (
        "import sys, portfolio.shared_bytecode;"
        "print({'httpx', 'pydantic', 'yaml', 'boto3'} & {*sys.modules})"
    )
    words = [sys.executable, "-c", code]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "set()\n"
