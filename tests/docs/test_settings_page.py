"""docs/settings.md has every setting once, with its default and its limits."""

import re
from typing import Any

import yaml

from infra.paths import ROOT
from infra.settings import StageSettings
from infra.settings.problems import KEYS
from tests.docs.pages import PAGES

ROW = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`|required)? ?\| (.+) \|$", re.MULTILINE)
ROWS = {key: (default, text) for key, default, text in ROW.findall(PAGES["docs/settings.md"])}
DECLARED: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]


def shown(value: object) -> str:
    if value == []:
        return ""  # required
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_setting_is_on_the_page() -> None:
    assert set(ROWS) == set(KEYS) - {"aws:profile"}


def test_the_defaults_are_those_of_the_settings() -> None:
    defaults = {key: shown(each["default"]) for key, each in DECLARED.items()}
    assert {key: default for key, (default, _) in ROWS.items()} == defaults


def test_the_limits_are_those_of_the_settings() -> None:
    wrong: list[str] = []
    for field in StageSettings.model_fields.values():
        bounds = [
            getattr(each, name)
            for each in field.metadata
            for name in ("ge", "le")
            if hasattr(each, name)
        ]
        if len(bounds) == 2 and "{} to {}".format(*bounds) not in ROWS[str(field.alias)][1]:
            wrong.append(f"{field.alias}: {bounds}")
    assert wrong == []
