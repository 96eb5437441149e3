"""`portfolio validate`: all that can be checked without AWS, in seconds."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from textwrap import indent
from traceback import extract_tb
from typing import TYPE_CHECKING, Final

from infra.background import in_background, wait_for
from infra.errors import CheckError, PortfolioError
from infra.package.uv_errors import summarise
from infra.paths import BACKEND, ROOT
from infra.settings import StageSettings, load_stage_settings
from infra.settings.rules import PRODUCTION
from infra.stage_files import stack_of, stages
from infra.subprocesses import inherited_environment
from infra.terminal import Terminal
from infra.uv_command import run_uv

if TYPE_CHECKING:
    from infra.stages.resources import Resource

_LOCK_DOES_NOT_FIT: Final = 1
"""uv's exit code; what it cannot even read is another."""


def validate(terminal: Terminal) -> None:
    """Check each stage's settings and program, the lock and openapi.json; print a line for each.

    Raises:
        CheckError: in the end, if any of them failed.
    """
    started, report = time.monotonic(), _Report(terminal)
    # Processes of their own, which run while this one imports Pulumi.
    with in_background(_check_lock) as lock, in_background(_check_openapi) as openapi:
        settings = _check_settings(report)
        _check_program(report, settings)
        report.check("uv.lock is up to date", partial(wait_for, lock))
        report.check("backend/openapi.json is up to date", partial(wait_for, openapi))
    if report.failed:
        raise CheckError(f"{report.failed} of {report.checks} checks failed.")
    terminal.say(f"All {report.checks} checks passed in {time.monotonic() - started:.1f} s.")


class _Report:
    """A line for each check, as it is done."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.checks = 0
        self.failed = 0

    def check[ResultT](self, name: str, run: Callable[[], ResultT]) -> ResultT | None:
        """Run a check; what comes of it, or None where it failed."""
        self.checks += 1
        try:
            result = run()
        except PortfolioError as error:
            self.failed += 1
            self._terminal.say(f"✗ {name}", "bold red")
            self._terminal.say(indent(str(error), "  "))
            return None
        self._terminal.say(f"✓ {name}", "green")
        return result


def _check_lock() -> None:
    """Hold `uv.lock` against every `pyproject.toml`; one that fits needs no network."""
    result = run_uv("lock", "--check", "--offline")
    if result.returncode == _LOCK_DOES_NOT_FIT:
        # uv's own reason depends on what happens to be in its cache.
        raise CheckError("It is not what a pyproject.toml asks for: run `uv lock` and commit it.")
    if result.returncode:
        raise CheckError(f"uv cannot check it: {summarise(result.stderr)}")


def _check_openapi() -> None:
    """Hold `backend/openapi.json` against the app, in a process that has nothing of ours."""
    script = BACKEND / "generate_openapi.py"
    result = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, script, "--check"],
        cwd=ROOT,
        env=inherited_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise CheckError(result.stderr.strip().splitlines()[-1])


def _check_settings(report: "_Report") -> dict[str, StageSettings]:
    """The settings of the stages where they are good."""
    settings: dict[str, StageSettings] = {}
    for stage in stages():
        load = partial(_load_settings, stack_of(stage))
        if found := report.check(f"the settings of {stage} are good", load):
            settings[stage] = found
    return settings


def _load_settings(stack: str) -> StageSettings:
    settings = load_stage_settings(stack)
    if settings.environment == PRODUCTION and not settings.protect:
        # The program itself takes it, or production could never be destroyed on purpose.
        raise CheckError(
            "protect = false: must be true in production, unless you are about to destroy it"
        )
    return settings


def _check_program(report: "_Report", settings: Mapping[str, StageSettings]) -> None:
    """Register the program for the stages whose settings are good, and compare them."""
    resources: dict[str, Mapping[str, Resource]] = {}
    for stage, of_stage in settings.items():
        register = partial(_register, stage, of_stage)
        if found := report.check(f"the program of {stage} registers", register):
            resources[stage] = found
    if len(resources) == len(stages()):
        compare = partial(_check_differences, settings, resources)
        report.check("the stages differ as declared", compare)


def _register(stage: str, settings: StageSettings) -> "dict[str, Resource]":
    from infra.stages.resources import list_resources  # noqa: PLC0415 - seconds of imports

    try:
        return list_resources(stack_of(stage), settings)
    except PortfolioError:
        raise
    except Exception as error:
        # A mistake of ours, which must not hide what the other checks find.
        frames = extract_tb(error.__traceback__)
        ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT / "infra")]
        where = f"{ours[-1].filename}:{ours[-1].lineno}"
        raise CheckError(f"{where}: {type(error).__name__}: {error}") from error


def _check_differences(
    settings: Mapping[str, StageSettings], resources: "Mapping[str, Mapping[str, Resource]]"
) -> None:
    from infra.stages.explanation import explain_differences  # noqa: PLC0415 - as above

    explanation = explain_differences(settings, resources)
    problems = [
        *(f"{each.subject} differs, and is not declared" for each in explanation.undeclared),
        *(f"{subject} is declared, and does not differ" for subject in explanation.outdated),
    ]
    if problems:
        raise CheckError(
            "Mend infra/stages/differences.py or the stages:\n  " + "\n  ".join(problems)
        )
