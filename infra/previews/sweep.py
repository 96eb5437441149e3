"""Previews that nobody looks at any more, taken down together."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from infra.automation import open_workspace
from infra.errors import PortfolioError, StackError
from infra.previews.stacks import Preview, list_previews, stack_name
from infra.previews.teardown import take_down
from infra.stage_files import PREVIEW
from infra.terminal import Terminal


def sweep(
    open_numbers: Collection[int], idle: timedelta, wait: timedelta, terminal: Terminal
) -> None:
    """Take down the previews of pull requests that are not open, and those idle for too long.

    A preview that cannot be taken down does not keep the others.

    Args:
        open_numbers: the open pull requests.
        idle: how long an open one may go without an update.
        wait: how long AWS may go on listing what has been deleted.
        terminal: told what is being done.

    Raises:
        StackError: in the end, naming the previews that could not be taken down, and why.
    """
    failures: list[str] = []
    unused = _find_unused(open_numbers, idle)
    for preview, reason in unused:
        terminal.step(f"{stack_name(preview.number)}: {reason}")
        try:
            take_down(preview.number, wait, terminal)
        except PortfolioError as error:
            terminal.warn(f"{stack_name(preview.number)} stays")
            failures.append(str(error))
    if failures:
        raise StackError(
            f"{len(failures)} of {len(unused)} previews are not gone:\n" + "\n".join(failures)
        )
    if not unused:
        terminal.say("Every preview is in use.")


def _find_unused(open_numbers: Collection[int], idle: timedelta) -> list[tuple[Preview, str]]:
    now = datetime.now(UTC)
    with open_workspace(PREVIEW) as workspace:
        reasons = [
            (preview, _reason(preview, open_numbers, idle, now))
            for preview in list_previews(workspace)
        ]
    return [(preview, reason) for preview, reason in reasons if reason]


def _reason(
    preview: Preview, open_numbers: Collection[int], idle: timedelta, now: datetime
) -> str | None:
    """Why a preview is not needed; None if it is."""
    if preview.number not in open_numbers:
        return "its pull request is not open"
    if preview.updated and now - preview.updated > idle:
        return f"last updated {preview.updated:%Y-%m-%d %H:%M} UTC"
    return None
