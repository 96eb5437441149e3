"""Previews that nobody looks at any more, taken down together."""

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
    """What keeps a preview."""

    open_numbers: Collection[int]
    """The open pull requests."""

    idle: timedelta
    """How long an open one may go without an update."""

    only: int | None = None
    """The one pull request whose preview is considered; `None` for all."""


def sweep(need: Need, wait: timedelta, terminal: Terminal) -> None:
    """Take down the previews of pull requests that are not open, and those idle for too long.

    A preview that cannot be taken down does not keep the others. One that was updated since
    the sweep began is in use, and stays.

    Args:
        need: what keeps a preview.
        wait: how long AWS may go on listing what has been deleted.
        terminal: told what is being done.

    Raises:
        StackError: in the end, naming the previews that could not be taken down, and why.
    """
    unused = _find_unused(need)
    failures = [
        failure
        for preview, reason in unused
        if (failure := _take_down(preview, reason, wait, terminal))
    ]
    if failures:
        raise StackError(
            f"{len(failures)} of {len(unused)} previews are not gone:\n" + "\n".join(failures)
        )
    if not unused:
        terminal.say("Nothing to take down." if need.only else "Every preview is in use.")


def show_unused(need: Need, terminal: Terminal) -> None:
    """Print the numbers of the previews that a sweep would take down, as one JSON array.

    Nothing else goes to standard output; the reasons go to standard error.

    Raises:
        PortfolioError: if the engine cannot list the previews.
    """
    unused = _find_unused(need)
    for preview, reason in unused:
        terminal.note(f"{stack_name(preview.number)}: {reason}")
    terminal.say(json.dumps([preview.number for preview, _ in unused], separators=(",", ":")))


def _take_down(preview: Preview, reason: str, wait: timedelta, terminal: Terminal) -> str | None:
    """Take down a preview that nobody has updated meanwhile; return why it could not be."""
    name = stack_name(preview.number)
    try:
        if not _is_still(preview):
            terminal.say(f"{name}: in use again or gone since the sweep began, and left alone")
            return None
        terminal.step(f"{name}: {reason}")
        take_down(preview.number, load_stage_settings(name), wait, terminal)
    except PortfolioError as error:
        failure = str(error)
    except Exception as error:  # noqa: BLE001 - whatever ails this one, the others are to go
        failure = f"{name}: {type(error).__name__}: {error}"
    else:
        return None
    terminal.warn(f"{name} stays")
    return failure


def _is_still(preview: Preview) -> bool:
    """Whether a preview is there as it was: taking down those before it takes minutes."""
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
    """Why a preview is not needed; None if it is."""
    if preview.number not in need.open_numbers:
        return "its pull request is not open"
    if preview.updated and now - preview.updated > need.idle:
        return f"last updated {preview.updated:%Y-%m-%d %H:%M} UTC"
    return None
