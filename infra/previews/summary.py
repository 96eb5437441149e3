"""What a pull request's comment says of its preview: Markdown."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from infra.inspection.sizes import format_size
from infra.previews.changes import CHANGES, ChangedResource, Changes

if TYPE_CHECKING:
    from infra.previews.comparison import Comparison


def summarise(name: str, outputs: Mapping[str, str], changes: Changes, comparison: str) -> str:
    """The summary of an update.

    Args:
        name: the stack's.
        outputs: the stack's.
        changes: what the update did.
        comparison: how the zip compares, in Markdown; empty if that was not asked for.
    """
    url = outputs["api_url"]
    listed = changes.listed()
    sections = [
        f"### Preview `{name}`",
        f"**{url}** · [documentation]({url}/docs)",
        *(
            f"**Data lost:** {_label(each)} was {each.change}."
            for each in listed
            if each.has_lost_data
        ),
        _describe_changes(listed),
        comparison,
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def describe_comparison(comparison: "Comparison") -> str:
    """A table of two zips."""
    base, own = comparison.base, comparison.own
    rows = [
        ("package", f"`{comparison.base_name}`", "here", "change"),
        ("---", "--:", "--:", "--:"),
        ("zip", format_size(base.size), format_size(own.size), _percent(base.size, own.size)),
    ]
    if base.seconds and own.seconds:
        times = (f"{base.seconds:.2f} s", f"{own.seconds:.2f} s")
        rows.append(("import", *times, _percent(base.seconds, own.seconds)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _describe_changes(listed: list[ChangedResource]) -> str:
    if not listed:
        return "Nothing changed."
    counted = Counter(each.change for each in listed)
    counts = ", ".join(f"{counted[change]} {change}" for change in CHANGES if counted[change])
    lines = [
        f"| {each.change} | {_label(each)}{' · **holds data**' if each.holds_data else ''} |"
        for each in listed
    ]
    table = "\n".join(["| | resource |", "|---|---|", *lines])
    return f"<details><summary>{counts}</summary>\n\n{table}\n\n</details>"


def _label(resource: ChangedResource) -> str:
    return f"`{resource.name}` ({resource.type})"


def _percent(before: float, after: float) -> str:
    return f"{100 * (after / before - 1):+.1f} %"
