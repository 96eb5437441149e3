"""`portfolio package` and `portfolio inspect`, as they are typed, on a copy of this checkout."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.checkout import copy_checkout

type Portfolio = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def portfolio(copy: Path) -> Portfolio:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "infra.cli", *map(str, arguments)],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": f"{copy}{os.pathsep}{copy / 'backend'}"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_it_says_what_is_reused_what_is_rebuilt_and_why(portfolio: Portfolio, copy: Path) -> None:
    portfolio("package", "--clean")
    first = portfolio("package").stdout.splitlines()
    health = copy / "backend/src/api/health.py"
    health.write_text(health.read_text() + "\n")
    second = portfolio("package").stdout.splitlines()
    third = portfolio("package").stdout.splitlines()
    assert "· dependencies: built for the first time" in first
    assert "· zip: built for the first time" in first
    assert second[0] == "· dependencies: reused"
    assert second[-2] == "· zip: rebuilt, backend/src/api/health.py changed"
    assert third == ["· zip: reused", second[-1]]
    path, _, sha256 = second[-1].partition("  sha256:")
    assert Path(path).is_file()
    assert len(sha256) == 64


def test_what_it_says_for_machines(portfolio: Portfolio) -> None:
    told = json.loads(portfolio("package", "--json").stdout)
    manifest = json.loads(Path(told["manifest"]).read_text())
    assert manifest["zip"]["sha256"] == told["sha256"]
    assert manifest["zip"]["zipped"] == told["size"] == Path(told["path"]).stat().st_size
    assert len(told["manifest_sha256"]) == 64
    again = json.loads(portfolio("package", "--json").stdout)["stages"]
    reused = {"reused": True, "reason": None}
    assert again == {"dependencies": reused, "zip": reused}


def test_the_manifest_goes_where_the_zip_goes(portfolio: Portfolio, tmp_path: Path) -> None:
    output = tmp_path / "function.zip"
    portfolio("package", "--output", output)
    manifest = json.loads((tmp_path / "function.manifest.json").read_text())
    assert manifest["zip"]["zipped"] == output.stat().st_size
    assert len(manifest["largest_packages"]) == 10
    assert {each["name"] for each in manifest["distributions"]} >= {"boto3", "fastapi", "mangum"}
    assert all(each["licence"] != "unknown" for each in manifest["distributions"])


def test_the_zip_inspected_by_default_is_the_one_built_last(portfolio: Portfolio) -> None:
    built = json.loads(portfolio("package", "--json").stdout)
    told = json.loads(portfolio("inspect", "--json").stdout)
    assert (told["path"], told["sha256"]) == (built["path"], built["sha256"])
    with ZipFile(built["path"]) as archive:
        assert len(told["files"]) == len(archive.infolist())
    shown = portfolio("inspect").stdout
    assert "for python3.12 on x86_64, dependencies installed by host" in shown
    assert len(shown.splitlines()) < 120


def test_clearing_says_what_it_freed_and_inspecting_that_nothing_is_built(
    portfolio: Portfolio,
) -> None:
    portfolio("package")
    told = portfolio("package", "--clean").stdout
    assert told.startswith("Freed ")
    assert told.endswith(" MB.\n")
    assert portfolio("package", "--clean").stdout == "Freed 0 B.\n"
    assert portfolio("inspect").stderr == (
        "error: No zip has been built here. Build one with `portfolio package`.\n"
    )


def test_the_stages_budget_holds(portfolio: Portfolio, copy: Path) -> None:
    stage = copy / "Pulumi.local.yaml"
    settings = stage.read_text()
    stage.write_text(f"{settings}  portfolio-api:packageMaxUnzipped: 20\n")
    refused = portfolio("package")
    stage.write_text(settings)
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: The zip is ")
    assert "MB unzipped, and may be 20 MB. Its largest packages: cryptography" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_stage_is_built_as_its_settings_say(portfolio: Portfolio) -> None:
    built = json.loads(portfolio("package", "--stage", "prod", "--engine", "host", "--json").stdout)
    assert built["sha256"] == json.loads(portfolio("package", "--json").stdout)["sha256"]
    refused = portfolio("package", "--stage", "prod", "--container-command", "no-such-engine")
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: no-such-engine is not on this machine: install ")
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--stage", "production"], "There is no stage production: Pulumi.production.yaml does"),
        (["--image", "build image"], 'packageImage = "build image": must be an image\'s name'),
    ],
)
def test_a_bad_choice_is_told(portfolio: Portfolio, arguments: list[str], reason: str) -> None:
    refused = portfolio("package", *arguments)
    assert refused.returncode == 1
    assert refused.stderr.startswith("error: ")
    assert reason in refused.stderr
