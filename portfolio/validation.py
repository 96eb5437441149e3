"""The checks of `portfolio validate`: they need seconds, and no AWS."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from textwrap import indent
from traceback import extract_tb
from typing import TYPE_CHECKING, Final

from infra.contract.routes import check_openapi
from infra.errors import CheckError, PortfolioError
from infra.package.uv import run_uv, summarise
from infra.paths import ROOT
from infra.processes.background import in_background, wait_for
from infra.settings import StageSettings, load_stage_settings
from infra.settings.files import PREVIEW_FILE, is_preview, stack_of, stages
from infra.settings.rules import PRODUCTION
from portfolio.terminal import Terminal

if TYPE_CHECKING:
    from portfolio.stages.registered_resources import Resource

_LOCK_DOES_NOT_FIT: Final = 1
"""uv's exit code for a lock to update; an unreadable file has another code."""


def validate(terminal: Terminal, checkout: Path = ROOT) -> None:
    """Check each stage's settings and program, uv.lock and openapi.json, with a line for each.

    Args:
        terminal: prints the lines.
        checkout: the checkout with the stages' files, uv.lock and the backend; the program is
            always this one.

    Raises:
        CheckError: at the end, if a check failed.
    """
    started, report = time.monotonic(), _Report(terminal)
    # They are separate processes, and run while this one imports Pulumi.
    lock_check, openapi_check = partial(check_lock, checkout), partial(check_openapi, checkout)
    with in_background(lock_check) as lock, in_background(openapi_check) as openapi:
        _check_files(report, checkout)
        settings = _check_settings(report, checkout)
        _check_program(report, settings, checkout)
        report.check("uv.lock", partial(wait_for, lock))
        report.check("backend/openapi.json", partial(wait_for, openapi))
    if report.failed:
        raise CheckError(report.count_failures())
    terminal.say(f"All {report.checks} checks passed in {time.monotonic() - started:.1f} s.")


class _Report:
    """Prints a line for each check when it ends."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.checks = 0
        self.failed = 0
        self._not_run = 0

    def check[ResultT](self, name: str, run: Callable[[], ResultT]) -> ResultT | None:
        """Run a check, and return its result or None if it fails."""
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

    def skip(self, name: str) -> None:
        """Print a line for a check that needs the result of a failed one."""
        self.checks += 1
        self._not_run += 1
        self._terminal.say(f"- {name}: not run")

    def count_failures(self) -> str:
        failed = f"{self.failed} of {self.checks} checks failed"
        return f"{failed}, {self._not_run} not run." if self._not_run else f"{failed}."


def check_lock(checkout: Path) -> None:
    """Compare `uv.lock` with every `pyproject.toml`, without the network.

    Raises:
        CheckError: if `uv.lock` is out of date, or cannot be read.
    """
    result = run_uv("lock", "--check", "--offline", project=checkout)
    if result.returncode == _LOCK_DOES_NOT_FIT:
        # uv's own reason depends on the contents of its cache.
        raise CheckError(
            "uv.lock does not match a pyproject.toml: run `bin/uv lock` and commit the file."
        )
    if result.returncode:
        raise CheckError(f"uv cannot check uv.lock: {summarise(result.stderr)}")


def check_settings(
    stack: str, checkout: Path, others: Mapping[str, StageSettings] | None = None
) -> StageSettings:
    """Read a stack's settings, and check the protection of production and of an adopted user pool.

    Args:
        stack: the stack's name.
        checkout: the checkout with the stages' files.
        others: the settings of other stages, by stage.

    Raises:
        PortfolioError: if the settings are wrong, leave production without protection, or adopt
            the user pool of another stage.
    """
    settings = load_stage_settings(stack, checkout)
    _refuse_shared_pool(settings, others or {})
    if settings.environment == PRODUCTION and not settings.protect:
        # The program itself accepts it: otherwise production could never be destroyed.
        raise CheckError(
            "protect = false: must be true in production, unless you are about to destroy it"
        )
    return settings


def _refuse_shared_pool(settings: StageSettings, others: Mapping[str, StageSettings]) -> None:
    pool = settings.adopt_user_pool
    sharing = [stage for stage, each in others.items() if pool and each.adopt_user_pool == pool]
    if sharing:
        raise CheckError(
            f"adoptUserPool = {pool}: {sharing[0]} adopts this pool too, and the owners of one "
            "stage would be owners of both: remove it from one of the two files"
        )


def check_program(stack: str, settings: StageSettings) -> "dict[str, Resource]":
    """Run the program for a stack, and return its resources.

    Raises:
        PortfolioError: if the program refuses the settings, or fails, with the file and line.
    """
    from portfolio.stages.registered_resources import list_resources  # noqa: PLC0415 - seconds of imports

    try:
        return list_resources(stack, settings)
    except PortfolioError:
        raise
    except Exception as error:
        # A bug in the program must not hide the results of the other checks.
        frames = extract_tb(error.__traceback__)
        folders = (ROOT / "infra", ROOT / "portfolio")
        ours = [frame for frame in frames if any(map(Path(frame.filename).is_relative_to, folders))]
        where = f"{ours[-1].filename}:{ours[-1].lineno}"
        raise CheckError(f"{where}: {type(error).__name__}: {error}") from error


def check_differences(
    settings: Mapping[str, StageSettings], resources: "Mapping[str, Mapping[str, Resource]]"
) -> None:
    """Compare the stages' differences with the declared ones.

    Raises:
        CheckError: with each difference without a declaration, and each outdated declaration.
    """
    from portfolio.stages.matching import explain_differences  # noqa: PLC0415 - as above

    problems = explain_differences(settings, resources).problems()
    if problems:
        raise CheckError(
            "Fix portfolio/stages/declared_differences.py or the stages:\n  "
            + "\n  ".join(problems)
        )


def _check_files(report: "_Report", checkout: Path) -> None:
    """Report each settings file of a single preview; `pulumi stack init pr-9` writes one."""
    for path in checkout.glob("Pulumi.*.yaml"):
        if is_preview(path.name.split(".")[1]):
            report.check(path.name, partial(_refuse_file, path.name))


def _refuse_file(name: str) -> None:
    raise CheckError(
        f"all previews share {PREVIEW_FILE}: delete {name}. "
        "`bin/portfolio preview up` creates a preview's stack without it."
    )


def _check_settings(report: "_Report", checkout: Path) -> dict[str, StageSettings]:
    """Return the valid settings by stage."""
    settings: dict[str, StageSettings] = {}
    for stage in stages(checkout):
        load = partial(check_settings, stack_of(stage), checkout, settings.copy())
        if found := report.check(f"settings of {stage}", load):
            settings[stage] = found
    return settings


def _check_program(
    report: "_Report", settings: Mapping[str, StageSettings], checkout: Path
) -> None:
    """Run the program for each stage with valid settings, and compare the stages."""
    resources: dict[str, Mapping[str, Resource]] = {}
    for stage in stages(checkout):
        if stage not in settings:
            report.skip(f"program of {stage}")
            continue
        register = partial(check_program, stack_of(stage), settings[stage])
        if found := report.check(f"program of {stage}", register):
            resources[stage] = found
    if resources.keys() == set(stages(checkout)):
        report.check("differences between stages", partial(check_differences, settings, resources))
    else:
        report.skip("differences between stages")
