"""What docs/costs.md adds up, added up again, and held against the program."""

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from math import prod

from infra.paths import ROOT
from infra.settings import load_stage_settings
from tests.infra.registration import register

CENT = Decimal("0.01")
STACKS = ("prod", "dev", "pr-12")
COUNTED = {
    "alarm": "aws:cloudwatch/metricAlarm:MetricAlarm",
    "dashboard": "aws:cloudwatch/dashboard:Dashboard",
}


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its header."""
    page = (ROOT / "docs/costs.md").read_text()
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in lines[2:]]


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_being_there_adds_up() -> None:
    *items, total = rows("Fixed costs")
    for column in (2, 3, 4):
        assert sum(number(row[1]) * number(row[column]) for row in items) == number(total[column])


def test_the_program_has_as_many_as_are_charged_for() -> None:
    *items, _ = rows("Fixed costs")
    for column, stack in enumerate(STACKS, start=2):
        charged = {row[0]: int(row[column]) for row in items}
        made = Counter(each.type for each in register(stack, preview=True).resources)
        assert {what: made[token] for what, token in COUNTED.items()} == {
            what: charged[what] for what in COUNTED
        }
        assert charged["hosted zone"] == bool(load_stage_settings(stack).hosted_zone)


def test_requests_add_up() -> None:
    *items, total = rows("For 100,000 requests")
    exact = [number(row[1]) * number(row[2]) for row in items]
    shown = [number(row[3]) for row in items]
    assert [each.quantize(CENT, ROUND_HALF_UP) for each in exact] == shown
    assert sum(shown) == number(total[3])


def test_units_are_what_the_words_beside_them_make() -> None:
    told = [row for row in rows("For 100,000 requests") if " of " in row[0]]
    assert len(told) == 5
    for row in told:
        factors = re.findall(r"\d[\d,.]*", row[0].partition(":")[2])
        assert prod(map(number, factors)) == number(row[1])
