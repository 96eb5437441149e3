"""Previews that nobody looks at any more, taken down together."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from infra.automation import open_workspace
from infra.errors import PortfolioError, StackError
from infra.previews.stacks import Preview, list_previews
from infra.previews.teardown import take_down
from infra.stage_files import PREVIEW

type Progress = Callable[[str], None]


def sweep(
    open_numbers: Collection[int], idle: timedelta, patience: float, progress: Progress
) -> None:
    """Take down the previews of pull requests that are not open, and those idle for too long.

    A preview that cannot be taken down does not keep the others.

    Args:
        open_numbers: the open pull requests.
        idle: how long an open one may go without an update.
        patience: seconds that AWS may go on listing what has been deleted.
        progress: told in lines what is being done.

    Raises:
        StackError: in the end, naming the previews that could not be taken down, and why.
    """
    failures: list[str] = []
    for preview in _find_unused(open_numbers, idle):
        try:
            take_down(preview.number, patience, progress)
        except PortfolioError as error:
            failures.append(str(error))
    if failures:
        raise StackError("Not all previews are gone:\n" + "\n".join(failures))


def _find_unused(open_numbers: Collection[int], idle: timedelta) -> list[Preview]:
    now = datetime.now(UTC)
    with open_workspace(PREVIEW) as workspace:
        return [
            preview
            for preview in list_previews(workspace)
            if preview.number not in open_numbers or preview.is_idle(idle, now)
        ]
