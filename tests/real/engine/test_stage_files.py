"""Values in stage files, as the real engine reads them."""

import json
from difflib import ndiff
from pathlib import Path
from shutil import copy

import pytest
from pulumi.automation import CommandError, PulumiCommand

from infra.paths import PROJECT, ROOT
from portfolio.rollback.roll_back import PIN
from tests.real.engine.stage_stack import engine_variables
from tests.settings.engine_scalars import PASSED_ON, REFUSED, stage_file


@pytest.fixture
def project(engine: PulumiCommand, tmp_path: Path) -> Path:
    """A project with the stack dev, whose file a test writes."""
    (tmp_path / "backend").mkdir()
    (tmp_path / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
    engine.run(["stack", "init", "dev"], str(tmp_path), engine_variables(tmp_path, ""))
    return tmp_path


def read_config(engine: PulumiCommand, project: Path, values: list[str]) -> list[str]:
    """Return the values as the engine passes them to a program, in their order."""
    (project / "Pulumi.dev.yaml").write_text(stage_file(values))
    variables = engine_variables(project, "")
    printed = engine.run(["config", "--json", "--stack", "dev"], str(project), variables).stdout
    config: dict[str, dict[str, str]] = json.loads(printed)
    return [config[f"{PROJECT}:v{place}"]["value"] for place in range(len(values))]


def test_the_engine_passes_on_the_values_of_our_table(engine: PulumiCommand, project: Path) -> None:
    values = read_config(engine, project, list(PASSED_ON))
    assert dict(zip(PASSED_ON, values, strict=True)) == PASSED_ON


def test_the_engine_refuses_the_values_that_we_refuse(engine: PulumiCommand, project: Path) -> None:
    for value in REFUSED:
        with pytest.raises(CommandError, match=r"cannot decode|unsupported value"):
            read_config(engine, project, [value])


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_pin_changes_one_line_of_a_stage_file(
    engine: PulumiCommand, project: Path, stage: str
) -> None:
    variables = engine_variables(project, "")
    for name in ("Pulumi.yaml", f"Pulumi.{stage}.yaml"):
        copy(ROOT / name, project)
    if stage != "dev":
        engine.run(["stack", "init", stage], str(project), variables)
    file = project / f"Pulumi.{stage}.yaml"
    before = file.read_text().splitlines()
    engine.run(["config", "set", PIN, "2", "--stack", stage], str(project), variables)
    added = [line for line in ndiff(before, file.read_text().splitlines()) if line[0] != " "]
    assert added == [f'+   {PROJECT}:{PIN}: "2"']
