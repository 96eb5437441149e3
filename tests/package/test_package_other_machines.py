"""Packages for other machines, and machines without a container program."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from infra.errors import PortfolioError
from infra.package import Package, Target
from infra.package.container.uv_binary import install_uv
from infra.package.container_engine import find_container_engine
from infra.package.engine import Installation
from infra.package.host_engine import HOST
from infra.package.lock import export_requirements
from tests.package.quarry import AARCH64, assert_tried_on_this_machine, publish_quarry

type Build = Callable[..., Package]
type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]


def test_a_package_for_arm64_is_checked_with_the_same_lock_on_this_machine(
    checkout: Path, lock: Lock, publish_wheel: PublishWheel, build: Build
) -> None:
    lock(checkout, "pebble", publish_quarry(publish_wheel))
    assert_tried_on_this_machine(checkout, partial(build, engine=HOST))


def test_a_mac_installs_its_own_wheels_for_the_check(
    checkout: Path, lock: Lock, publish_wheel: PublishWheel, tmp_path: Path
) -> None:
    publish_wheel("clay", {"clay.py": "linux"}, tag="cp312-cp312-manylinux_2_17_aarch64")
    publish_wheel("clay", {"clay.py": "macos"}, tag="cp312-cp312-macosx_11_0_arm64")
    lock(checkout, "clay")
    (tmp_path / "requirements.txt").write_text(export_requirements(checkout))
    (tmp_path / "output").mkdir()
    target = Target().on("arm64", "macos")
    assert target
    installed = HOST.install(
        Installation(
            requirements=tmp_path / "requirements.txt",
            target=target,
            folder=tmp_path / "output",
            project=checkout,
        )
    )
    assert installed.returncode == 0, installed.stderr
    assert (tmp_path / "output/clay.py").read_text() == "macos"


def test_an_image_for_another_machine_gets_a_uv_of_its_own(tmp_path: Path) -> None:
    uv = install_uv(Target(architecture="arm64"), tmp_path)
    assert uv.read_bytes()[18] == AARCH64
    assert os.access(uv, os.X_OK)
    modified = uv.stat().st_mtime_ns
    assert install_uv(Target(architecture="arm64"), tmp_path).stat().st_mtime_ns == modified


PROGRAMS: Final = {
    "none": (None, "is not installed: install Docker, Podman or Finch, name "),
    "a folder": (None, "is not installed: install Docker, Podman or Finch, name "),
    "no program": ("plain text\n", "does not run (Exec format error): install Docker, "),
    "of another machine": ("\x7fELF\x02", "does not run (Exec format error): install Docker, "),
    "failing": ("#!/bin/sh\necho no libc >&2\nexit 1", "does not answer (no libc): start it"),
    "silent": ("#!/bin/sh\n", "image inspect prints no description of image: use docker or "),
    "another program": ("#!/bin/sh\necho usage: play", "image inspect prints no description of "),
    "another JSON": ("#!/bin/sh\necho '{}'", "image inspect prints no description of image: "),
}
"""A program for `containerCommand`, and the problem with it."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_missing_or_broken_container_program_is_reported_in_one_line(
    tmp_path: Path, name: str
) -> None:
    content, problem = PROGRAMS[name]
    program = tmp_path / "engine"
    if name == "a folder":
        program.mkdir()
    elif content:
        program.write_text(content)
        program.chmod(0o755)
    with pytest.raises(PortfolioError) as caught:
        find_container_engine(str(program), "image", print)
    message = str(caught.value)
    assert message.startswith(f"{program} {problem}")
    assert "--engine host" in message
    assert "packageEngine: host" in message
    assert len(message.splitlines()) == 1
