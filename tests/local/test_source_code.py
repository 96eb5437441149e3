"""The small zips of the local stage: the sources, and the path of the unpacked dependencies."""

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from portfolio.local.source_code import SourceCode, packaged_sources, small_package

if TYPE_CHECKING:
    from infra.package import Package
    from tests.local_stage import ServedStage


def check(zipped: bytes, package: "Package") -> Path:
    """Check the content of a small zip, and return the folder of the dependencies."""
    with ZipFile(io.BytesIO(zipped)) as small, ZipFile(package.path) as complete:
        own = {name for name in complete.namelist() if name.startswith("src/")}
        assert set(small.namelist()) == {"dependencies.path", *own}
        dependencies = Path(small.read("dependencies.path").decode())
        # Python does not compile a file to the same bytes in each process.
        for name in (each for each in own if not each.endswith(".pyc")):
            assert small.read(name) == complete.read(name)
        others = set(complete.namelist()) - own
    found = {str(each.relative_to(dependencies)) for each in dependencies.rglob("*")}
    assert others <= found
    return dependencies


def test_a_small_package_uses_the_dependencies_of_the_build(
    real_package: "Package", tmp_path: Path
) -> None:
    small = small_package(real_package, tmp_path)
    assert check(small.path.read_bytes(), real_package).is_relative_to(real_package.path.parents[2])
    assert small.sha256 != real_package.sha256
    assert small == small_package(real_package, tmp_path)


def test_without_unpacked_dependencies_the_zip_is_complete(
    real_package: "Package", tmp_path: Path
) -> None:
    package = replace(real_package, dependencies=None)
    assert small_package(package, tmp_path) is package
    zipped = SourceCode(package, tmp_path).make_zip(packaged_sources(package))
    assert check(zipped, real_package).parent == tmp_path


def test_the_local_stage_deploys_a_small_zip(local_stage: "ServedStage") -> None:
    code = local_stage.stage.code
    deployed = code.clients.functions.get_function_configuration(FunctionName=code.function)
    assert 0 < 10 * deployed.get("CodeSize", 0) < local_stage.stage.package.size
