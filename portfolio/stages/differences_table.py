"""`portfolio stages`: a table of the differences, or JSON."""

import json
from collections.abc import Sequence
from typing import Any, cast

from rich.table import Column, Table
from rich.text import Text

from portfolio.stages.found_differences import (
    STAGES,
    Difference,
    list_all_resources,
    load_all_settings,
)
from portfolio.stages.matching import Explanation, explain_differences
from portfolio.stages.registered_resources import Value
from portfolio.tables.cells import lined_table
from portfolio.terminal import Terminal


def show_stages(terminal: Terminal, *, as_json: bool) -> None:
    """Print every difference between the stages with its reason.

    Raises:
        PortfolioError: if a stage's settings are wrong, or the program refuses them.
    """
    settings = load_all_settings()
    explanation = explain_differences(settings, list_all_resources(settings))
    if as_json:
        terminal.say(json.dumps(_report(explanation), indent=2))
    else:
        show_differences(explanation, terminal)


def show_differences(explanation: Explanation, terminal: Terminal) -> None:
    """Print a table of the declared differences, and a warning for each problem."""
    terminal.show(_table(explanation))
    for problem in explanation.problems():
        terminal.warn(f"{problem}.")


def _report(explanation: Explanation) -> dict[str, Any]:
    return {
        "stages": STAGES,
        "differences": [
            {
                "settings": [_values(setting) for setting in each.settings],
                "reason": each.reason,
                "resources": [
                    _values(effect) for found in each.effects.values() for effect in found
                ],
            }
            for each in explanation.explained
        ],
        "undeclared": [_values(each) for each in explanation.undeclared],
        "outdated": explanation.outdated,
    }


def _values(difference: Difference) -> dict[str, Any]:
    return {"subject": difference.subject, "values": difference.values}


def _table(explanation: Explanation) -> Table:
    table = lined_table(Column("Setting", no_wrap=True), "Value")
    for each in (each for each in explanation.explained if each.settings):
        for setting in each.settings:
            _add_values(table, setting)
        table.add_row(_indent("why", "dim"), Text(each.reason, "italic"))
        for words, found in each.effects.items():
            verb, values = _describe_effect(words, found, each.settings)
            cell = Text(words).append(values and f" ({values})", "dim")
            table.add_row(_indent(verb, "dim"), cell)
        table.add_section()
    return table


def _add_values(table: Table, difference: Difference) -> None:
    table.add_row(Text(difference.subject, "bold cyan"))
    for stages, value in _groups(difference):
        table.add_row(_indent(stages), value)


def _indent(text: str, style: str = "") -> Text:
    """Return a cell below the name of a setting."""
    return Text(f"  {text}", style)


def _describe_effect(
    words: str, found: Sequence[Difference], settings: Sequence[Difference]
) -> tuple[str, str]:
    """Return the verb for an effect, and its values unless they equal a setting's values."""
    if ": " not in words:
        stages = [stage for each in found[:1] for stage, there in each.values.items() if there]
        return "creates", f"in {', '.join(stages)}"
    own = [_groups(setting) for setting in settings]
    others = [groups for groups in dict.fromkeys(map(_groups, found)) if groups not in own]
    values = ("; ".join(f"{stages} {value}" for stages, value in groups) for groups in others)
    return "sets", " / ".join(values)


def _groups(difference: Difference) -> tuple[tuple[str, str], ...]:
    """Return each value with its stages."""
    groups: dict[str, list[str]] = {}
    for stage, value in difference.values.items():
        groups.setdefault(_spell(value), []).append(stage)
    return tuple((", ".join(stages), value) for value, stages in groups.items())


def _spell(value: Value) -> str:
    if value is None:
        return "—"
    if isinstance(value, list):
        items = cast("list[Value]", value)
        texts = all(isinstance(item, str) for item in items)
        return ", ".join(items) or "—" if texts else f"{len(items)} items"
    # The function's environment holds lists as text with commas.
    return ", ".join(value.split(",")) if isinstance(value, str) else json.dumps(value)
