"""The runbook has a section for each alarm: its meaning, commands to look, and what to do."""

import re
from functools import cache

import pytest

from tests.docs.pages import PAGES
from tests.infra.registration import register

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
PAGE = "docs/runbook.md"
PARTS = ["Meaning.", "Look.", "Do."]
SECTIONS = {
    title: text
    for title, _, text in (each.partition("\n") for each in PAGES[PAGE].split("\n## ")[1:])
}


@cache
def links() -> list[str]:
    """The addresses in the descriptions of production's alarms."""
    alarms = register("prod", preview=True).of_type(ALARM)
    found = (re.search(r"What to do: (\S+)", each.inputs["alarmDescription"]) for each in alarms)
    return [each[1] for each in found if each]


def test_each_alarm_leads_to_its_own_section_and_each_section_belongs_to_an_alarm() -> None:
    assert len(links()) > 5
    assert sorted(links()) == sorted(f"{PAGE}#{each}" for each in SECTIONS if each != "Budget")


@pytest.mark.parametrize("title", SECTIONS)
def test_a_section_has_its_parts_and_a_command(title: str) -> None:
    assert re.findall(r"^\*\*(.+?)\*\*", SECTIONS[title], re.MULTILINE) == PARTS
    look = SECTIONS[title].partition("**Look.**")[2].partition("**Do.**")[0]
    # Tests of all pages check that the commands exist.
    assert re.search(r"^(bin/portfolio|aws) ", look, re.MULTILINE)
