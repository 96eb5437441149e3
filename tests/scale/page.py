"""The tables of docs/scale.md, each between two markers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from infra.paths import ROOT
from infra.settings import load_stage_settings
from tests.scale import crowds, growth
from tests.scale.costs import cost_of
from tests.scale.demands import ROUTES
from tests.scale.limits import GATEWAY, KEY_WRITES, limits_of

PAGE: Final = ROOT / "docs" / "scale.md"

RATES: Final = (1, 1000, 1_000_000)
"""Requests a second."""

VISITORS: Final = (400, 900, 1800)
"""New visitors a second, for the simulation of shards."""

SHARDS: Final = (64, 128, 256)

_SECTION: Final = r"(?<=<!-- tests.scale writes {name} -->\n).*?(?=<!-- end of {name} -->)"


def write_tables(text: str) -> str:
    """Return the page's text with new tables."""
    for name, make in _TABLES.items():
        header, *rows = make()
        lines = [_line(header), "|---" * len(header) + "|", *map(_line, rows)]
        section = "\n" + "\n".join(lines) + "\n\n"
        text, count = re.subn(
            _SECTION.format(name=name), lambda _, new=section: new, text, flags=re.DOTALL
        )
        assert count == 1, f"{PAGE} has {count} sections for {name}: write one with both markers"
    return text


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _limits() -> Iterator[Sequence[str]]:
    settings = load_stage_settings("prod")
    yield "request", "requests a second", "limit", "smallest change"
    for route in ROUTES:
        found = limits_of(
            route, rate=settings.throttling_rate, open_rate=settings.open_throttling_rate
        )
        own = (limit for limit in found if KEY_WRITES / 2 <= limit.rate < GATEWAY)
        for (rate, change), each in groupby(own, key=lambda limit: (limit.rate, limit.change)):
            yield f"`{route}`", f"{rate:,.0f}", ", ".join(limit.name for limit in each), change


def _growth() -> Iterator[Sequence[str]]:
    yield "with", *(f"{rate:,} a second" for rate in RATES)
    for setup in growth.SETUPS:
        yield setup.change, *(_describe(setup, rate) for rate in RATES)


def _describe(setup: growth.Setup, rate: int) -> str:
    found = growth.simulate(setup, rate)
    cost = cost_of(setup, rate * found.answered)
    answered = f"{100 * found.answered:.4g} %, {cost:,.0f} USD"
    return f"{answered} ({found.refused})" if found.refused else answered


def _shards() -> Iterator[Sequence[str]]:
    yield "new visitors a second", *(f"{shards} shards" for shards in SHARDS)
    for rate in VISITORS:
        outcomes = [crowds.simulate(rate, shards) for shards in SHARDS]
        yield (
            f"{rate:,}",
            *(f"{each.turned_away:.0%} ({each.attempts:.2f} attempts)" for each in outcomes),
        )


_TABLES: Final[Mapping[str, Callable[[], Iterator[Sequence[str]]]]] = {
    "limits": _limits,
    "growth": _growth,
    "shards": _shards,
}
