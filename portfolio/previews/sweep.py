"""Deletion of unused previews: of closed pull requests, or without a recent update."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from infra.errors import PortfolioError, StackError
from infra.settings import load_stage_settings
from infra.settings.files import PREVIEW
from portfolio.engine.workspace import open_workspace
from portfolio.previews.stacks import Preview, list_previews, stack_name
from portfolio.previews.teardown import take_down
from portfolio.terminal import Terminal


@dataclass(frozen=True)
class Need:
    """Conditions for keeping a preview."""

    open_numbers: Collection[int]
    """The numbers of the open pull requests."""

    idle: timedelta
    """The longest time without an update for an open pull request's preview."""

    only: int | None = None
    """The only pull request to consider, or `None` for all."""


def sweep(need: Need, wait: timedelta, terminal: Terminal) -> None:
    """Delete the previews of closed pull requests, and previews without a recent update.

    The sweep continues after a failure. A preview updated since the sweep began is kept.

    Args:
        need: the conditions for keeping a preview.
        wait: the time limit for AWS to stop listing deleted resources.
        terminal: prints each step.

    Raises:
        StackError: at the end, with each failure and its reason.
    """
    unused = _find_unused(need)
    failures = [
        failure
        for preview, reason in unused
        if (failure := _take_down(preview, reason, wait, terminal))
    ]
    if failures:
        raise StackError(
            f"{len(failures)} of {len(unused)} previews could not be deleted:\n"
            + "\n".join(failures)
        )
    if not unused:
        terminal.say("Nothing to delete." if need.only else "Every preview is in use.")


def show_unused(need: Need, terminal: Terminal) -> None:
    """Print the numbers of the unused previews as a JSON array.

    The reasons go to standard error.

    Raises:
        PortfolioError: if the engine cannot list the previews.
    """
    unused = _find_unused(need)
    for preview, reason in unused:
        terminal.note(f"{stack_name(preview.number)}: {reason}")
    terminal.say(json.dumps([preview.number for preview, _ in unused], separators=(",", ":")))


def _take_down(preview: Preview, reason: str, wait: timedelta, terminal: Terminal) -> str | None:
    """Delete a preview, unless it was updated meanwhile. Return the reason for a failure."""
    name = stack_name(preview.number)
    try:
        if not _is_still(preview):
            terminal.say(f"{name}: updated or deleted since the sweep began, so it is skipped")
            return None
        terminal.step(f"{name}: {reason}")
        take_down(preview.number, load_stage_settings(name), wait, terminal)
    except PortfolioError as error:
        failure = str(error)
    except Exception as error:  # noqa: BLE001 - the other previews come first
        failure = f"{name}: {type(error).__name__}: {error}"
    else:
        return None
    terminal.warn(f"{name} could not be deleted")
    return failure


def _is_still(preview: Preview) -> bool:
    """Return True if a preview is unchanged since the list was made, minutes ago."""
    with open_workspace(PREVIEW) as workspace:
        now = {each.number: each for each in list_previews(workspace)}
    return preview.number in now and now[preview.number].updated == preview.updated


def _find_unused(need: Need) -> list[tuple[Preview, str]]:
    now = datetime.now(UTC)
    with open_workspace(PREVIEW) as workspace:
        previews = list_previews(workspace)
    return [
        (preview, reason)
        for preview in previews
        if need.only in (None, preview.number) and (reason := _reason(preview, need, now))
    ]


def _reason(preview: Preview, need: Need, now: datetime) -> str | None:
    """Return the reason for deleting a preview, or `None` if it is needed."""
    if preview.number not in need.open_numbers:
        return "its pull request is not open"
    if preview.updated and now - preview.updated > need.idle:
        return f"last updated {preview.updated:%Y-%m-%d %H:%M} UTC"
    return None
