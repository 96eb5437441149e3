"""A run of the contract suite against an API, and its results as a table."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import httpx
from pydantic import TypeAdapter, ValidationError
from rich.table import Table
from rich.text import Text

from infra.errors import ProbeError
from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from infra.processes.leftovers import temporary_folder
from infra.settings import load_stage_settings
from infra.settings.files import LOCAL
from portfolio.tables.cells import cut_middle, lined_table
from src import SITE

if TYPE_CHECKING:
    from portfolio.terminal import Terminal

_SUITE: Final = "tests/contract"
_TIMEOUT: Final = 35
"""Seconds; API Gateway answers within 30."""

_LONGEST_NAME: Final = 100
_LONGEST_REASON: Final = 200
"""Characters in the line of a failed test."""

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
"""The hosts of a local stage."""

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
        ProbeError: if pytest is missing, the address is not of this API, or the suite cannot run.
        SettingsError: if the origins of the local stage are needed and cannot be read.
    """
    _check_health(url)
    if find_spec("pytest") is None or not (ROOT / _SUITE).is_dir():
        raise ProbeError("probe needs the development dependencies and the tests: run bin/uv sync.")
    with temporary_folder("portfolio-probe-") as folder:
        report = folder / "report.xml"
        printed = _run(url, report, terminal, write=write)
        if not report.exists():
            raise ProbeError(f"The contract suite cannot run: {printed[-1] if printed else ''}")
        outcomes = list(_read(report))
    _show(outcomes, terminal)
    return all(each.outcome != "failed" for each in outcomes)


def find_origin(url: str) -> str:
    """Return the origin for the suite's requests: the variable `ORIGIN`, or the stage's default.

    The default is the site. For a URL on this machine it is the local stage's first origin
    without a wildcard.

    Raises:
        SettingsError: if the settings of the local stage cannot be read.
    """
    if "ORIGIN" in os.environ and (given := os.environ["ORIGIN"]):
        return given
    is_local = urlsplit(url).hostname in _LOOPBACK
    allowed = load_stage_settings(LOCAL).cors_origins if is_local else ()
    return next((each for each in allowed if "*" not in each), f"https://{SITE}")


def _check_health(url: str) -> None:
    """Refuse the address of another API, before the suite fails a hundred times."""
    try:
        answer = httpx.get(f"{url}/health", timeout=_TIMEOUT)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProbeError(f"{url} does not answer: {error}. Check the address.") from None
    if answer.status_code != HTTPStatus.OK or not _is_health(answer.content):
        raise ProbeError(
            f"{url}/health does not answer as this API does (status {answer.status_code}). "
            "Check the address."
        )


def _is_health(body: bytes) -> bool:
    """Return True for an object with the keys of `GET /health`; their values are for the suite."""
    try:
        found = TypeAdapter(dict[str, object]).validate_json(body)
    except ValidationError:
        return False
    return found.keys() >= {"status", "version"}


def _run(url: str, report: Path, terminal: "Terminal", *, write: bool) -> list[str]:
    """Run the suite in a process of its own, and return its output."""
    command = (sys.executable, "-m", "pytest", _SUITE, "-v", "--tb=no", f"--junitxml={report}")
    variables = inherited_environment() | {
        "API_URL": url,
        "ORIGIN": find_origin(url),
        "CONTRACT_WRITES": "yes" if write else "no",
        "PYTHONUNBUFFERED": "1",
        # With it, each skipped test counts as failed.
        "CI": "",
        # pytest leaves the folders of its last runs.
        "TMPDIR": str(report.parent),
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
            encoding="utf-8",
            errors="replace",
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
            test = _shorten(each.test, _LONGEST_NAME)
            reason = _shorten(each.reason, _LONGEST_REASON)
            terminal.fail(f"{each.area}: {test}: {reason}")
    for reason, count in _reasons(outcomes).most_common():
        terminal.note(f"skipped {count}: {reason}")
    terminal.show(_table(outcomes))


def _shorten(text: str, longest: int) -> str:
    """Cut a text in the middle; a test's name contains its parameters, thousands of digits too."""
    return cut_middle(Text(text), longest).plain


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
