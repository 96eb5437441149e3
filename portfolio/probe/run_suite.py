"""A run of the contract suite against an API, and its results as a table."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import httpx
from rich.table import Table

from infra.errors import ProbeError
from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from portfolio.tables.cells import lined_table

if TYPE_CHECKING:
    from portfolio.terminal import Terminal

_SUITE: Final = "tests/contract"
_TIMEOUT: Final = 35
"""Seconds; API Gateway answers within 30."""

_OUTCOMES: Final = ("passed", "failed", "skipped")


@dataclass(frozen=True)
class Outcome:
    """The outcome of one test."""

    area: str
    """The part of the contract, from the name of the test's file."""

    test: str
    outcome: str
    reason: str
    """The first line of a failure, or the reason for a skipped test."""


def probe(url: str, terminal: "Terminal", *, write: bool) -> bool:
    """Run the contract suite against an API, and print a table of its results.

    Args:
        url: the API's address.
        terminal: prints the table.
        write: False to skip each test at its first request that could write.

    Returns:
        True if no test failed.

    Raises:
        ProbeError: if pytest is missing, the API does not answer, or the suite cannot run.
    """
    if find_spec("pytest") is None or not (ROOT / _SUITE).is_dir():
        raise ProbeError("probe needs the development dependencies and the tests: run uv sync.")
    _check_reachable(url)
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        printed = _run(url, report, terminal, write=write)
        if not report.exists():
            raise ProbeError(f"The contract suite cannot run: {printed[-1] if printed else ''}")
        outcomes = list(_read(report))
    _show(outcomes, terminal)
    return all(each.outcome != "failed" for each in outcomes)


def _check_reachable(url: str) -> None:
    try:
        httpx.get(f"{url}/health", timeout=_TIMEOUT)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProbeError(f"{url} does not answer: {error}. Check the address.") from None


def _run(url: str, report: Path, terminal: "Terminal", *, write: bool) -> list[str]:
    """Run the suite in a process of its own, and return its output."""
    command = (sys.executable, "-m", "pytest", _SUITE, "-v", "--tb=no", f"--junitxml={report}")
    variables = inherited_environment() | {
        "API_URL": url,
        "CONTRACT_WRITES": "yes" if write else "no",
        "PYTHONUNBUFFERED": "1",
        # With it, each skipped test counts as failed.
        "CI": "",
    }
    with (
        terminal.progress("contract", None) as advance,
        subprocess.Popen(  # noqa: S603 - our own words, no shell
            [*command, "-p", "no:cacheprovider"],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        lines: list[str] = []
        for line in process.stdout or ():
            lines.append(line.strip())
            advance()
    return [line for line in lines if line]


def _read(report: Path) -> Iterator[Outcome]:
    """Yield the outcomes in pytest's own report."""
    # Our own process has just written it.
    for case in ET.parse(report).iter("testcase"):  # noqa: S314
        area = case.get("classname", "").rpartition("test_contract_")[2]
        failed = case.find("failure") if case.find("failure") is not None else case.find("error")
        skipped = case.find("skipped")
        found = failed if failed is not None else skipped
        outcome = "passed" if found is None else "skipped" if failed is None else "failed"
        reason = "" if found is None else found.get("message", "").partition("\n")[0]
        yield Outcome(area, case.get("name", ""), outcome, reason)


def _show(outcomes: list[Outcome], terminal: "Terminal") -> None:
    for each in outcomes:
        if each.outcome == "failed":
            terminal.fail(f"{each.area}: {each.test}: {each.reason}")
    for reason, count in _reasons(outcomes).most_common():
        terminal.note(f"skipped {count}: {reason}")
    terminal.show(_table(outcomes))


def _reasons(outcomes: Iterable[Outcome]) -> Counter[str]:
    return Counter(each.reason for each in outcomes if each.outcome == "skipped")


def _table(outcomes: list[Outcome]) -> Table:
    table = lined_table(show_footer=True)
    total = Counter(each.outcome for each in outcomes)
    table.add_column("Contract", footer="all", style="bold cyan")
    for name in _OUTCOMES:
        table.add_column(name.capitalize(), footer=str(total[name]), justify="right")
    for area in sorted({each.area for each in outcomes}):
        counts = Counter(each.outcome for each in outcomes if each.area == area)
        table.add_row(area, *(str(counts[name]) for name in _OUTCOMES))
    return table
