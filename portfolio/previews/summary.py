"""What a pull request's comment says of its preview: Markdown."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from portfolio.inspection.sizes import format_size
from portfolio.previews.resource_changes import CHANGES, ChangedResource, Changes

if TYPE_CHECKING:
    from portfolio.inspection.commit_comparison import Comparison
    from portfolio.inspection.measurements import Measure

_ALONE: Final = ("---", "--:")
_BESIDE: Final = ("---", "--:", "--:", "--:")


def summarise(
    name: str, outputs: Mapping[str, str], changes: Changes, comparison: "Comparison"
) -> str:
    """The summary of an update.

    Args:
        name: the stack's.
        outputs: the stack's.
        changes: what the update did.
        comparison: what the zip costs.
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
        describe_comparison(comparison),
    ]
    return "\n\n".join(sections) + "\n"


def describe_comparison(comparison: "Comparison") -> str:
    """A table of the zip, beside its base's, and why something is not in it."""
    base, own, name = comparison.base, comparison.own, f"`{comparison.base_name}`"
    rows = (
        [("package", name, "here", "change"), _BESIDE, *_rows_beside(base, own)]
        if base
        else [("package", "here"), _ALONE, *_rows_alone(own)]
    )
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return "\n\n".join([table, *_reasons(comparison)])


def _rows_alone(own: "Measure") -> list[tuple[str, ...]]:
    return [("zip", format_size(own.size)), ("import", _seconds(own))]


def _rows_beside(base: "Measure", own: "Measure") -> list[tuple[str, ...]]:
    sizes = (format_size(base.size), format_size(own.size), _percent(base.size, own.size))
    change = _percent(base.seconds, own.seconds) if base.seconds and own.seconds else ""
    return [("zip", *sizes), ("import", _seconds(base), _seconds(own), change)]


def _reasons(comparison: "Comparison") -> list[str]:
    """Why there is no base, or no time."""
    reasons: list[str] = []
    if comparison.uncompared:
        name = f" with that of `{comparison.base_name}`" if comparison.base_name else ""
        reasons.append(f"The zip is not compared{name}: {comparison.uncompared.rstrip('.')}.")
    measures = [(f"`{comparison.base_name}`", comparison.base), ("here", comparison.own)]
    untimed = [(name, each.untimed) for name, each in measures if each and each.untimed]
    for reason in dict.fromkeys(reason for _, reason in untimed):
        names = " and ".join(name for name, each in untimed if each == reason)
        reasons.append(f"The import is not timed ({names}): {reason}.")
    return reasons


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


def _seconds(measure: "Measure") -> str:
    return "unknown" if measure.seconds is None else f"{measure.seconds:.2f} s"
