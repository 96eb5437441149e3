"""`portfolio package` and `portfolio inspect` on the real package and the tiny workspace."""

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infra.errors import PackageError
from infra.package import Package
from infra.paths import PROJECT, ROOT
from portfolio.inspection.reports import inspect_zip
from portfolio.package_report import build, empty_cache
from portfolio.terminal import Terminal
from tests.commands import Result, run_command, start_command

REUSED = {"reused": True, "reason": None}


@pytest.fixture
def workspace(ready: Path) -> Path:
    """Return the tiny workspace with the stages' files and a handler for their environment."""
    for path in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(path, ready)
    main = ready / "backend/src/main.py"
    main.write_text(
        main.read_text().replace('"STAGE"] == "made-up"', '"ENVIRONMENT"] == "placeholder"')
    )
    return ready


class Workspace:
    """Runs the functions of the commands in a workspace."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._printed = capsys

    def package(self, *, as_json: bool = False) -> list[str]:
        build("local", {}, Terminal(), output=None, as_json=as_json, project=self.folder)
        printed = self._printed.readouterr()
        return (printed.err + printed.out).splitlines()

    def inspect(self) -> Any:
        inspect_zip(None, Terminal(), depth=2, everything=False, output="json", project=self.folder)
        return json.loads(self._printed.readouterr().out)

    def clean(self) -> str:
        empty_cache(Terminal(), self.folder)
        return self._printed.readouterr().out


@pytest.fixture
def tiny(workspace: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    return Workspace(workspace, capsys)


def test_package_prints_reused_steps_and_reasons_for_rebuilt_ones(tiny: Workspace) -> None:
    tiny.clean()
    first = tiny.package()
    main = tiny.folder / "backend/src/main.py"
    main.write_text(main.read_text() + "\n")
    second, third = tiny.package(), tiny.package()
    assert "· dependencies: built for the first time" in first
    assert "· zip: built for the first time" in first
    assert second[1] == "· dependencies: reused"
    assert second[-2] == "· zip: rebuilt, backend/src/main.py changed"
    assert third[1:] == ["· zip: reused", second[-1]]
    path, _, sha256 = second[-1].partition("  sha256:")
    assert Path(path).is_file()
    assert len(sha256) == 64


def test_the_last_built_zip_is_inspected_by_default(tiny: Workspace) -> None:
    tiny.package()
    (tiny.folder / "backend/src/more.py").touch()
    built = json.loads("".join(tiny.package(as_json=True)))
    told = tiny.inspect()
    assert (told["path"], told["sha256"]) == (built["path"], built["sha256"])
    with ZipFile(built["path"]) as archive:
        assert len(told["files"]) == len(archive.infolist())


def test_clearing_prints_the_freed_size_and_leaves_no_zip(tiny: Workspace) -> None:
    tiny.package()
    told = tiny.clean()
    assert told.startswith("Freed ")
    assert told.endswith(" kB.\n")
    assert tiny.clean() == "Freed 0 B.\n"
    with pytest.raises(PackageError, match=r"has no built zip\. Build one with"):
        tiny.inspect()


def test_the_stages_budget_holds(tiny: Workspace) -> None:
    with (tiny.folder / "Pulumi.local.yaml").open("a") as stage:
        stage.write(f"  {PROJECT}:packageMaxUnzipped: 1\n")
    (tiny.folder / "backend/src/zeros.bin").write_bytes(bytes(2 * 1024**2))
    with pytest.raises(PackageError, match=r"The zip is 2\.0 MB unzipped; the limit is 1 MB\."):
        tiny.package()


def test_both_commands_as_processes(real_package: Package) -> None:
    built = start_command("package", "--json")
    told = json.loads(built.out)
    assert (built.code, built.err) == (0, "")
    assert (told["path"], told["sha256"]) == (str(real_package.path), real_package.sha256)
    assert told["steps"] == {"dependencies": REUSED, "zip": REUSED}
    assert told["left_out"] == {}
    shown = start_command("inspect", told["path"])
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.splitlines()[0] == told["path"]
    assert "for python3.12 on x86_64, dependencies installed by host" in shown.out
    assert len(shown.out.splitlines()) < 120


package = partial(run_command, "package")


def of_json(result: Result) -> Any:
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_a_copy_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    missing = package("--output", str(tmp_path / "missing/function.zip"))
    assert missing.code == 2
    assert missing.err == (
        f"error: --output: {tmp_path}/missing is not a folder with write permission. "
        "See portfolio package --help.\n"
    )
    (tmp_path / "here").symlink_to(tmp_path / "missing/function.zip")
    refused = package("--output", str(tmp_path / "here"))
    assert refused.code == 1
    assert refused.err.splitlines()[-1] == (
        f"error: {tmp_path}/here cannot be written: No such file or directory. "
        "Choose another --output."
    )


def test_the_manifest_is_copied_beside_the_zip(real_package: Package, tmp_path: Path) -> None:
    output = tmp_path / "function.zip"
    told = of_json(package("--json", "--output", str(output)))
    manifest = json.loads((tmp_path / "function.manifest.json").read_text())
    assert (told["path"], told["manifest"]) == (
        str(output),
        str(tmp_path / "function.manifest.json"),
    )
    assert manifest["zip"]["sha256"] == told["sha256"] == real_package.sha256
    assert manifest["zip"]["zipped"] == told["size"] == output.stat().st_size
    assert told["manifest_sha256"] == real_package.manifest_sha256
    assert len(manifest["largest_packages"]) == 10
    assert {each["name"] for each in manifest["distributions"]} >= {"boto3", "fastapi", "mangum"}
    assert all(each["licence"] != "unknown" for each in manifest["distributions"])


@pytest.mark.parametrize("stage", ["preview", "dev"])
def test_every_stage_but_production_has_the_same_zip(real_package: Package, stage: str) -> None:
    built = of_json(package("--stage", stage, "--engine", "host", "--json"))
    assert built["sha256"] == real_package.sha256


def test_productions_zip_lacks_the_files_of_the_documentation_alone(real_package: Package) -> None:
    built = of_json(package("--stage", "prod", "--engine", "host", "--json"))
    ours, productions = (
        set(ZipFile(path).namelist()) for path in (real_package.path, built["path"])
    )
    assert productions < ours
    lacking = {name.partition("/")[0].partition("-")[0] for name in ours - productions}
    assert lacking == {"fastapi_standalone_docs"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--image", "build image"], 'packageImage = "build image": must be an image\'s name'),
        (
            # Production is built in a container.
            ["--stage", "prod", "--container-command", "no-such-engine"],
            "no-such-engine is not installed: install ",
        ),
    ],
)
def test_a_bad_choice_is_refused(arguments: list[str], reason: str) -> None:
    refused = package(*arguments)
    assert refused.code == 1
    assert refused.err.startswith("error: ")
    assert reason in refused.err
