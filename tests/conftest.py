"""Fixtures every test folder shares, and the rule that CI skips nothing."""

import os
from collections.abc import Generator, Iterator

import pytest

from infra.local.emulator import Emulator, run_emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with run_emulator() as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On CI, a test that would be skipped has failed: what it needs was not installed."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with what was left out, and why."""
    skipped: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    reasons = sorted(
        {str(report.longrepr).rpartition("Skipped: ")[2].rstrip("')") for report in skipped}
    )
    if reasons:
        terminalreporter.write_line(f"left out {len(skipped)} tests: {'; '.join(reasons)}")
    else:
        terminalreporter.write_line("nothing was skipped")
