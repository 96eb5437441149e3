"""What a pull request's comment says of its preview: Markdown."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from infra.inspection.sizes import format_size
from infra.previews.changes import Change, Changes, Resource

if TYPE_CHECKING:
    from infra.previews.comparison import Comparison

_ORDER: Final[tuple[Change, ...]] = ("replaced", "deleted", "created", "updated")
"""What may lose something comes first."""


def summarise(
    name: str, outputs: Mapping[str, str], changes: Changes, comparison: "Comparison | None"
) -> str:
    """The summary of an update.

    Args:
        name: the stack's.
        outputs: the stack's.
        changes: what the update did.
        comparison: the zip beside that of the base; `None` if that was not asked for.
    """
    url = outputs["api_url"]
    sections = [
        f"### Preview `{name}`",
        f"**{url}** · [documentation]({url}/docs)",
        _describe_changes(changes),
        _compare(comparison) if comparison else "",
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _describe_changes(changes: Changes) -> str:
    found = {change: resources for change in _ORDER if (resources := changes.of(change))}
    if not found:
        return "Nothing changed."
    counts = ", ".join(f"{len(resources)} {change}" for change, resources in found.items())
    lines = [
        f"| {change} | {_name(resource)} |"
        for change, resources in found.items()
        for resource in resources
    ]
    table = "\n".join(["| | resource |", "|---|---|", *lines])
    return f"<details><summary>{counts}</summary>\n\n{table}\n\n</details>"


def _name(resource: Resource) -> str:
    data = " · **holds data**" if resource.holds_data else ""
    return f"`{resource.name}` ({resource.type}){data}"


def _compare(comparison: "Comparison") -> str:
    base, own = comparison.base, comparison.own
    rows = [
        ("package", comparison.base_name, "here", ""),
        ("---", "--:", "--:", "--:"),
        ("zip", format_size(base.size), format_size(own.size), _change(base.size, own.size)),
        (
            "import to first answer",
            f"{base.seconds:.2f} s",
            f"{own.seconds:.2f} s",
            _change(base.seconds, own.seconds),
        ),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _change(before: float, after: float) -> str:
    return f"{100 * (after / before - 1):+.1f} %"
