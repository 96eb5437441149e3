"""`portfolio preview list`."""

from infra.settings.files import PREVIEW
from portfolio.engine.workspace import open_workspace
from portfolio.previews.stacks import Preview, list_previews, stack_name
from portfolio.terminal import Terminal


def show_previews(terminal: Terminal) -> None:
    """Print a line for each preview.

    Raises:
        PortfolioError: if the engine cannot list them.
    """
    with open_workspace(PREVIEW) as workspace:
        previews = list_previews(workspace)
    for preview in previews:
        terminal.say(_describe(preview))
    if not previews:
        terminal.say("There is no preview.")


def _describe(preview: Preview) -> str:
    updated = f"{preview.updated:%Y-%m-%d %H:%M} UTC" if preview.updated else "never updated"
    return f"{stack_name(preview.number):<8}  {updated:<20}  {preview.resources} resources"
