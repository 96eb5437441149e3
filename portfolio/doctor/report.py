"""`portfolio doctor`: tables of the tools and of a stage."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from infra.errors import CheckError
from portfolio.doctor.stage_checks import Check, check_stage
from portfolio.doctor.tools import FoundTool, find_tools, python_version
from portfolio.tables.cells import lined_table
from portfolio.terminal import Terminal


def show_doctor(terminal: Terminal, stack: str | None, port: int | None) -> None:
    """Print the tools of this machine, and the parts of a stage.

    Args:
        terminal: the place to print.
        stack: a stage to check too, or None.
        port: the local stage's port, if several run.

    Raises:
        CheckError: if a part of the stage is missing or cannot be reached.
    """
    terminal.show(_tools_table(find_tools()))
    if stack is None:
        terminal.say("To check a stage too: portfolio doctor --stack dev")
        return
    checks = check_stage(stack, port)
    terminal.show(_stage_table(stack, checks))
    if not all(check.is_good for check in checks):
        raise CheckError(f"The stage {stack} cannot be used yet: see {checks[-1].name} above.")


def _tools_table(found: Iterable[FoundTool]) -> Table:
    table = lined_table("Tool", "Version", "Needed for")
    table.add_row("python", python_version(), "every command")
    for each in found:
        needed = each.tool.needed_for
        if each.version is None:
            problem = Text(each.problem, "red")
            table.add_row(each.tool.name, problem, f"{needed}: {each.tool.install}")
        else:
            table.add_row(each.tool.name, each.version, needed)
    return table


def _stage_table(stack: str, checks: Iterable[Check]) -> Table:
    table = lined_table(f"Stage {stack}", "Found")
    for check in checks:
        table.add_row(check.name, check.found, style="" if check.is_good else "red")
    return table
