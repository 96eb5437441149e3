"""The page docs/reliability.md: a section per promise, with a table between two markers.

`make reliability` writes the tables. The rest of a section is written by hand.
"""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from tests.reliability.figures import Row

PAGE: Final = ROOT / "docs" / "reliability.md"

NOT_MEASURED: Final = "Not measured yet."
"""The text between the markers of a new promise."""

HEADER: Final = ("| cases | tried | held | lost | longest |", "|---|--:|--:|--:|--:|")

_SECTION: Final = r"(?<=<!-- make reliability writes {name} -->\n).*?(?=<!-- end of {name} -->)"


def write_table(text: str, name: str, rows: Sequence[Row], origin: str) -> str:
    """Return the page's text with a promise's new table.

    Args:
        text: the page.
        name: the name of the promise.
        rows: its figures.
        origin: date, commit and machine of the figures.
    """
    table = "\n".join([*HEADER, *(f"| {' | '.join(row.cells)} |" for row in rows)])
    # A function as the replacement: a backslash stays one.
    written, count = re.subn(
        _SECTION.format(name=re.escape(name)),
        lambda _: f"{origin}\n\n{table}\n\n",
        text,
        flags=re.DOTALL,
    )
    assert count == 1, f"{PAGE} has {count} sections for {name}: write one with both markers"
    return written


def describe_origin() -> str:
    """Return the date, the commit and the machine, for the line above a table."""
    commit = _git("rev-parse", "--short", "HEAD")
    changed = " with changes" if _git("status", "--porcelain", "--untracked-files=no") else ""
    machine = f"{os.cpu_count()} cores of {_processor()}, {_memory_gb()} GB"
    return f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}{changed}, {machine}:"


def _git(*words: str) -> str:
    finished = subprocess.run(
        ["git", *words],
        cwd=ROOT,
        env=inherited_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return finished.stdout.strip()


def _processor() -> str:
    """Return the processor's name; Linux has it in a file of its own."""
    file = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", file.read_text()) if file.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def _memory_gb() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3)
