"""`portfolio new`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from portfolio.commands.options import begin


def _option(metavar: str, text: str) -> Any:  # noqa: ANN401 - Typer's own type
    return typer.Option(metavar=metavar, help=text)


_Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="The new folder, outside this checkout.")
]
_Domain = Annotated[str, _option("DOMAIN", "The site's domain; production's API is api.DOMAIN.")]
_Name = Annotated[
    str | None, _option("NAME", "Part of every name in AWS (default: the folder's name).")
]
_Title = Annotated[str | None, _option("TEXT", "The API's name for people (default: from NAME).")]
_Zone = Annotated[str | None, _option("DOMAIN", "Its Route 53 zone (default: the domain).")]
_AlarmEmail = Annotated[
    str | None, _option("EMAIL", "For alarms of production (default: alarms@DOMAIN).")
]
_Repository = Annotated[
    str | None, _option("OWNER/NAME", "The GitHub repository (default: a placeholder).")
]
_Account = Annotated[str | None, _option("ACCOUNT", "An AWS account (default: a placeholder).")]
_Commit = Annotated[bool, typer.Option(help="Create a git repository with a first commit.")]


def new(
    folder: _Folder,
    *,
    domain: _Domain,
    name: _Name = None,
    title: _Title = None,
    zone: _Zone = None,
    alarm_email: _AlarmEmail = None,
    repository: _Repository = None,
    dev_account: _Account = None,
    prod_account: _Account = None,
    commit: _Commit = True,
) -> None:
    """Make a project of your own from this checkout, with other names.

    It has the tracked files, without the history and the changelog. Nothing in AWS is changed.

    Examples:
        portfolio new ../my-api --domain my-site.dev
        portfolio new ../api --name my-api --domain my-site.dev --repository me/my-api
    """
    terminal = begin(f"{folder}: checking the names")
    from portfolio.new_project.create import create_project
    from portfolio.new_project.names import complete_names

    given = {
        "name": name,
        "domain": domain,
        "zone": zone,
        "title": title,
        "alarm-email": alarm_email,
        "repository": repository,
        "dev-account": dev_account,
        "prod-account": prod_account,
    }
    target = folder.resolve()
    create_project(target, complete_names(given, target.name), terminal, commit=commit)
