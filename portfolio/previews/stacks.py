"""The stacks of pull requests, told from all others by their names."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from infra.settings.files import is_preview, short_name

if TYPE_CHECKING:
    from pulumi import automation


@dataclass(frozen=True)
class Preview:
    """The stack of a pull request."""

    number: int
    """The pull request's."""

    updated: datetime | None
    """When it was last updated; `None` if that is not known."""

    resources: int


def stack_name(number: int) -> str:
    """The stack of a pull request, which is its environment's name too."""
    return f"pr-{number}"


def list_previews(workspace: "automation.LocalWorkspace") -> list[Preview]:
    """The stacks of all pull requests, by number; other stacks are left out."""
    previews = [
        Preview(
            int(name.removeprefix("pr-")), _in_utc(stack.last_update), stack.resource_count or 0
        )
        for stack in workspace.list_stacks()
        if is_preview(name := short_name(stack.name))
    ]
    return sorted(previews, key=lambda preview: preview.number)


def _in_utc(time: datetime | None) -> datetime | None:
    return time and time.replace(tzinfo=UTC)
