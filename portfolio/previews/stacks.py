"""Stacks of pull requests, and `portfolio preview list`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.text import Text

from infra.settings.files import PREVIEW, is_preview, short_name
from portfolio.engine.workspace import open_workspace
from portfolio.tables.cells import lined_table, number_column
from portfolio.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulumi import automation
    from rich.table import Table


@dataclass(frozen=True)
class Preview:
    """The stack of a pull request."""

    number: int
    """The pull request's number."""

    updated: datetime | None
    """Time of the last update, or `None` if unknown."""

    resources: int
    """The number of resources."""


def stack_name(number: int) -> str:
    """Return the name of a pull request's stack. It is the environment's name too."""
    return f"pr-{number}"


def list_previews(workspace: "automation.LocalWorkspace") -> list[Preview]:
    """Return the stacks of pull requests, sorted by number. Other stacks are left out."""
    previews = [
        Preview(
            int(name.removeprefix("pr-")), _in_utc(stack.last_update), stack.resource_count or 0
        )
        for stack in workspace.list_stacks()
        if is_preview(name := short_name(stack.name))
    ]
    return sorted(previews, key=lambda preview: preview.number)


def show_previews(terminal: Terminal) -> None:
    """Print a table of the previews.

    Raises:
        PortfolioError: if the engine cannot list the stacks.
    """
    with open_workspace(PREVIEW) as workspace:
        previews = list_previews(workspace)
    if previews:
        terminal.show(_table(previews))
    else:
        terminal.say("There are no previews.")


def _table(previews: "Iterable[Preview]") -> "Table":
    table = lined_table("Preview", "Last update", number_column("Resources"))
    for preview in previews:
        updated = f"{preview.updated:%Y-%m-%d %H:%M} UTC" if preview.updated else "never"
        name = Text(stack_name(preview.number), "bold cyan")
        table.add_row(name, updated, str(preview.resources))
    return table


def _in_utc(time: datetime | None) -> datetime | None:
    return time and time.replace(tzinfo=UTC)
