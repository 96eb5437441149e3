"""What docs/costs.md adds up, added up again, and held against the program."""

import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from math import prod

import pytest

from infra.settings import load_stage_settings
from tests.docs.cost_tables import number, rows, tables
from tests.infra.registration import register

CENT = Decimal("0.01")
STACKS = ("prod", "dev", "pr-12")
COUNTED = {
    "alarm": "aws:cloudwatch/metricAlarm:MetricAlarm",
    "dashboard": "aws:cloudwatch/dashboard:Dashboard",
}


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


REQUESTS = [rows("For 100,000 requests"), *tables("The most that requests can cost")]


@pytest.mark.parametrize("table", REQUESTS)
def test_requests_add_up(table: list[list[str]]) -> None:
    *items, total = table
    exact = [number(row[1]) * number(row[2]) for row in items]
    shown = [number(row[3]) for row in items]
    assert [each.quantize(CENT, ROUND_HALF_UP) for each in exact] == shown
    assert sum(shown) == number(total[3])


@pytest.mark.parametrize(("table", "least"), [*zip(REQUESTS, (5, 5, 4), strict=True)])
def test_units_are_what_the_words_beside_them_make(table: list[list[str]], least: int) -> None:
    told = [row for row in table if " of " in row[0]]
    assert len(told) >= least
    for row in told:
        # "512 KB" says for what AWS counts a request; the factors are around "of".
        factors = re.findall(r"\d[\d,.]*", row[0].rpartition(", ")[2])
        assert prod(map(number, factors)) == number(row[1])


def test_the_most_is_computed_from_the_stages_limits() -> None:
    settings, day = load_stage_settings("prod"), 24 * 60 * 60
    dearest, open_writes = tables("The most that requests can cost")
    lambda_requests = [number(table[1][1]) for table in (dearest, open_writes)]
    rates = (settings.throttling_rate, settings.open_throttling_rate)
    assert lambda_requests == [rate * day for rate in rates]
