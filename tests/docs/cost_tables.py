"""The tables of docs/costs.md."""

import re
from decimal import Decimal

from infra.paths import ROOT


def tables(heading: str) -> list[list[list[str]]]:
    """The cells of each table of a section, without its header."""
    page = (ROOT / "docs/costs.md").read_text()
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"(?:^\|.*\n)+", f"{section}\n", re.MULTILINE)
    return [
        [
            [cell.strip(" *") for cell in line.strip("|").split("|")]
            for line in each.splitlines()[2:]
        ]
        for each in found
    ]


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's only table, without its header."""
    (table,) = tables(heading)
    return table


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
