"""The guide from SAM names the settings and the names that its commands need."""

import re

import yaml

from infra.paths import PROJECT, ROOT
from infra.settings.problems import KEYS
from tests.docs.pages import PAGES

PAGE = PAGES["docs/moving-from-sam.md"]


def test_every_setting_that_adopts_is_on_the_page_and_no_other() -> None:
    named = set(re.findall(r"\badopt[A-Z]\w*", PAGE))
    assert named == {key for key in KEYS if key.startswith("adopt")}


def test_the_names_are_those_of_production() -> None:
    config = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text())["config"]
    assert config[f"{PROJECT}:domainName"] in PAGE
    assert f"{config[f'{PROJECT}:environment']}-{PROJECT}-table" in PAGE


def test_every_step_has_a_way_back() -> None:
    steps = PAGE.split("\n## ")[1:]
    assert len(steps) > 4
    assert [step.splitlines()[0] for step in steps if "\n*Way back:* " not in step] == []
