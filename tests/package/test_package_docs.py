"""The extra with the files of the documentation pages: in every zip but production's."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.deployment import build_stage_package
from infra.package.lock import export_requirements
from infra.package.uv import run_uv
from infra.paths import ROOT
from infra.settings import load_stage_settings

type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]

MAIN = """
def handler(event, context):
    return {"statusCode": 200, "body": '{"status": "healthy"}'}
"""


@pytest.fixture(scope="module")
def crayon(publish_wheel: PublishWheel) -> None:
    """A wheel of this module alone: published again, it would have another hash."""
    publish_wheel("crayon", {"crayon.py": ""})


@pytest.fixture
def with_extra(checkout: Path, lock: Lock, crayon: None) -> Path:  # noqa: ARG001 - in the index
    """Return a workspace with an extra `docs`."""
    lock(checkout, "pebble")
    project = checkout / "backend/pyproject.toml"
    project.write_text(project.read_text().replace("docs = []", 'docs = ["crayon"]'))
    run_uv("lock", "--refresh", project=checkout).check_returncode()
    (checkout / "backend/src/main.py").write_text(MAIN)
    return checkout


@pytest.mark.parametrize(
    ("stage", "has_them"), [("local", True), ("dev", True), ("pr-12", True), ("prod", False)]
)
def test_production_leaves_out_the_files_of_the_pages(
    with_extra: Path, stage: str, *, has_them: bool
) -> None:
    settings = load_stage_settings(stage).model_copy(update={"package_engine": "host"})
    package = build_stage_package(settings, print, project=with_extra)
    with ZipFile(package.path) as archive:
        names = archive.namelist()
    assert "pebble/__init__.py" in names
    assert ("crayon.py" in names) == has_them


def test_the_extra_of_the_backend_is_one_package() -> None:
    ours, productions = (export_requirements(ROOT, docs=docs) for docs in (True, False))
    assert "fastapi-standalone-docs==" in ours
    assert "fastapi-standalone-docs==" not in productions
    assert productions.count("==") == ours.count("==") - 1
