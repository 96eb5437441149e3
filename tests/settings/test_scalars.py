"""Scalars of stage files: `portfolio validate` reads them as the engine does."""

from pathlib import Path

import pytest

from infra.errors import SettingsError
from infra.paths import PROJECT
from infra.settings import load_stage_settings
from infra.settings.files import stage_config
from tests.settings.engine_scalars import PASSED_ON, REFUSED, stage_file


def write_stage(folder: Path, content: str) -> None:
    (folder / "Pulumi.yaml").write_text(f"name: {PROJECT}\n")
    (folder / "Pulumi.dev.yaml").write_text(content)


def test_a_value_is_read_as_the_engine_passes_it_on(tmp_path: Path) -> None:
    write_stage(tmp_path, stage_file(list(PASSED_ON)))
    values = stage_config("dev", tmp_path).values()
    assert dict(zip(PASSED_ON, values, strict=True)) == PASSED_ON


@pytest.mark.parametrize("value", REFUSED)
def test_a_value_that_the_engine_refuses_is_a_message_with_its_line(
    tmp_path: Path, value: str
) -> None:
    write_stage(tmp_path, stage_file(["1", value]))
    with pytest.raises(SettingsError, match=r"Pulumi\.dev\.yaml cannot be read: line 3: .* not a"):
        stage_config("dev", tmp_path)


def test_an_account_id_without_quotes_is_never_an_account(tmp_path: Path) -> None:
    for digits in ("012345678912", "111111111111", "000111111111"):
        write_stage(tmp_path, f"config:\n  allowedAccounts: [{digits}]\n  environment: dev\n")
        with pytest.raises(SettingsError, match="must be in quotes, otherwise YAML reads a number"):
            load_stage_settings("dev", tmp_path)
