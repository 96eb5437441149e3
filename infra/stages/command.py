"""`portfolio stages`."""

import json
from typing import Any, cast

from rich import box
from rich.table import Table
from rich.text import Text

from infra.stages.comparison import STAGES, Difference, list_all_resources, load_all_settings
from infra.stages.explanation import Explanation, explain_differences
from infra.stages.resources import Value
from infra.terminal import Terminal


def show_stages(terminal: Terminal, *, as_json: bool) -> None:
    """Print every difference between the stages, and why there is one.

    Raises:
        PortfolioError: if a stage's settings are wrong, or the program refuses them.
    """
    settings = load_all_settings()
    explanation = explain_differences(settings, list_all_resources(settings))
    if as_json:
        terminal.say(json.dumps(_report(explanation), indent=2))
        return
    terminal.show(_table(explanation))
    for difference in explanation.undeclared:
        terminal.warn(f"{difference.subject} differs, and nobody has said why.")
    for subject in explanation.outdated:
        terminal.warn(f"{subject} is declared to differ, and does not.")


def _report(explanation: Explanation) -> dict[str, Any]:
    return {
        "stages": STAGES,
        "differences": [
            {
                **_values(each.setting),
                "reason": each.reason,
                "resources": [_values(effect) for effect in each.effects],
            }
            for each in explanation.explained
        ],
        "undeclared": [_values(each) for each in explanation.undeclared],
        "outdated": explanation.outdated,
    }


def _values(difference: Difference) -> dict[str, Any]:
    return {"subject": difference.subject, "values": difference.values}


def _table(explanation: Explanation) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("Setting", style="bold cyan", no_wrap=True)
    table.add_column("Stage", no_wrap=True)
    table.add_column("Value", overflow="fold")
    for each in explanation.explained:
        _add_values(table, each.setting)
        table.add_row("", Text("why", "dim"), Text(each.reason, "italic"))
        for effect in each.effects:
            table.add_row("", Text("sets", "dim"), _describe_effect(effect, each.setting))
        table.add_section()
    return table


def _add_values(table: Table, difference: Difference) -> None:
    title = difference.subject
    for stages, value in _groups(difference):
        table.add_row(title, stages, value)
        title = ""


def _describe_effect(effect: Difference, setting: Difference) -> Text:
    """The property; its values too, where they are not the setting's own."""
    told = Text(effect.subject)
    if _groups(effect) != _groups(setting):
        values = "; ".join(f"{stages} {value}" for stages, value in _groups(effect))
        told.append(f" ({values})", "dim")
    return told


def _groups(difference: Difference) -> list[tuple[str, str]]:
    """The stages that have a value in common, and the value."""
    groups: dict[str, list[str]] = {}
    for stage, value in difference.values.items():
        groups.setdefault(_spell(value), []).append(stage)
    return [(", ".join(stages), value) for value, stages in groups.items()]


def _spell(value: Value) -> str:
    if value is None:
        return "—"
    if isinstance(value, list):
        return ", ".join(map(_spell, cast("list[Value]", value)))
    # A list that the function's environment holds reads like any other.
    return ", ".join(value.split(",")) if isinstance(value, str) else json.dumps(value)
