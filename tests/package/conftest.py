"""Fixtures of the folder: the tiny workspace, and the real package unpacked."""

from pathlib import Path

import pytest

from infra.package import Package
from infra.package.archive import unpack
from tests.package.tiny_workspace import *  # noqa: F403 - its fixtures


@pytest.fixture(scope="session")
def task(real_package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the real package, unpacked and read-only as on Lambda."""
    folder = tmp_path_factory.mktemp("lambda") / "task"
    unpack(real_package.path, folder)
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder
