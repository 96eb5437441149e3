"""Summary of an update in Markdown, for the comment on a pull request."""

from collections import Counter
from collections.abc import Mapping

from infra.processes.printable import markdown_code
from portfolio.previews.resource_changes import CHANGES, ChangedResource, Changes


def summarise(name: str, outputs: Mapping[str, str], changes: Changes) -> str:
    """Return the summary of an update: address, lost data and changed resources.

    Args:
        name: the stack's name.
        outputs: the stack's outputs.
        changes: the changes of the update.
    """
    url = outputs["api_url"]
    listed = changes.listed()
    sections = [
        f"### Preview {markdown_code(name)}",
        f"**{url}** · [documentation]({url}/docs)",
        *(
            f"**Data lost:** {_label(each)} was {each.change}."
            for each in listed
            if each.has_lost_data
        ),
        _describe_changes(listed),
    ]
    return "\n\n".join(sections) + "\n"


def _describe_changes(listed: list[ChangedResource]) -> str:
    if not listed:
        return "No resource changed."
    counted = Counter(each.change for each in listed)
    counts = ", ".join(f"{counted[change]} {change}" for change in CHANGES if counted[change])
    lines = [
        f"| {each.change} | {_label(each)}{' · **holds data**' if each.holds_data else ''} |"
        for each in listed
    ]
    table = "\n".join(["| | resource |", "|---|---|", *lines])
    return f"<details><summary>{counts}</summary>\n\n{table}\n\n</details>"


def _label(resource: ChangedResource) -> str:
    return f"{markdown_code(resource.name)} ({resource.type})"
