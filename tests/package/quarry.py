"""A package with a different wheel for each machine, built for another machine."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest

from infra.errors import PackageError
from infra.package import Package, Target

AARCH64: Final = 183
"""Number of the processor in the header of an ELF file, at byte 18."""


def publish_quarry(publish_wheel: Callable[..., None]) -> str:
    """Publish the wheels and return the name of the package."""
    for machine, number in {"x86_64": 62, "aarch64": AARCH64}.items():
        header = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00" + bytes((number, 0))
        files = {"quarry.py": f"MACHINE = '{machine}'", "veins.abi3.so": header}
        publish_wheel("quarry", files, tag=f"cp312-abi3-manylinux_2_28_{machine}")
    return "quarry"


def assert_tried_on_this_machine(checkout: Path, build: Callable[..., Package]) -> None:
    """Assert: a zip for arm64 has arm64 wheels, and its /health check uses this machine's."""
    main = checkout / "backend/src/main.py"
    checked = "import platform, quarry\nassert quarry.MACHINE == platform.machine()\n"
    main.write_text(checked + main.read_text())
    said: list[str] = []
    package = build(checkout, Target(architecture="arm64"), progress=said.append)
    with ZipFile(package.path) as archive:
        assert archive.read("quarry.py") == b"MACHINE = 'aarch64'"
        assert archive.read("veins.abi3.so")[18] == AARCH64
    assert "zip: testing the same lock on x86_64-manylinux_2_34" in said
    main.write_text("import rock\n" + main.read_text())
    with pytest.raises(PackageError, match="No module named 'rock'"):
        build(checkout, Target(architecture="arm64"))
