"""The first `make up` of a clone: a second clone installs, but it builds and compiles nothing."""

import time
from pathlib import Path

import pytest

from infra.paths import CACHE_VARIABLE
from infra.processes.environment import inherited_environment
from tests.checkout import clone_checkout
from tests.local.up_process import START_TIMEOUT, make_up

pytestmark = pytest.mark.real

ENVIRONMENTS = {".venv": 700, ".cache/emulator": 150}
"""The environments, and fewer files than a start compiles in each."""


def shared_files(checkout: Path, environment: str) -> int:
    """Return the number of bytecode files of libraries that are links."""
    libraries = (checkout / environment).glob("lib/python*/site-packages/**/*.pyc")
    return sum(file.stat().st_nlink > 1 for file in libraries)


def test_a_second_clone_uses_what_the_first_has_built(tmp_path: Path) -> None:
    user = tmp_path / "user-cache"
    variables = inherited_environment() | {CACHE_VARIABLE: str(user)}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    first, second = (clone_checkout(tmp_path / name) for name in ("first", "second"))
    with make_up(first, variables) as run:
        run.wait_for("Ctrl-C to stop")
        assert "zip: building" in run.printed
        deadline = time.monotonic() + START_TIMEOUT
        while any(shared_files(first, name) < few for name, few in ENVIRONMENTS.items()):
            assert time.monotonic() < deadline
            time.sleep(0.2)
    with make_up(second, variables) as run:
        run.wait_for("zip: reused")
        run.wait_for("emulator: started")
        assert all(shared_files(second, name) >= few for name, few in ENVIRONMENTS.items())
    assert {each.name for each in user.iterdir()} == {"bytecode", "dependencies", "zips"}
