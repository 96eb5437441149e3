"""`portfolio content export | import | copy`."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from infra.errors import ContentError
from portfolio.commands.options import Port, Stack, begin, stack_option
from portfolio.commands.plain_help import PlainCommand, PlainGroup

if TYPE_CHECKING:
    from portfolio.stage_access import StageAccess

_HELP: Final = """
Export, import and copy a stage's content, drafts and counters included.

Examples:
    portfolio content export content.jsonl --stack prod
    portfolio content copy --from dev --stack pr-12
"""

app = typer.Typer(cls=PlainGroup, help=_HELP)

_DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything and print the changes only.")
]
_Prune = Annotated[
    bool, typer.Option("--prune", help="First delete the stage's items that are not in the file.")
]
_PruneTarget = Annotated[
    bool, typer.Option("--prune", help="First delete the items that only the target has.")
]
_Yes = Annotated[bool, typer.Option("--yes", help="Allow changes in production.")]


@app.command("export", cls=PlainCommand)
def export(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to write, or - for standard output.")
    ],
    *,
    stack: Stack,
    port: Port = None,
) -> None:
    """Write a stage's content to a file of JSON Lines.

    Equal content makes equal bytes. An existing file is replaced in the end.

    Examples:
        portfolio content export content.jsonl --stack prod
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.content.transfer import export_stage
    from portfolio.stage_access import open_stage

    export_stage(open_stage(stack, port), file, terminal)


@app.command("import", cls=PlainCommand)
def import_(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to read, or - for standard input.")
    ],
    *,
    stack: Stack,
    dry_run: _DryRun = False,
    prune: _Prune = False,
    yes: _Yes = False,
    port: Port = None,
) -> None:
    """Write the content of a file to a stage.

    The complete file is checked before the first write.

    Items keep their ids, slugs and times. An item with the same id is replaced.

    The command can be repeated: it continues an interrupted import.

    Examples:
        portfolio content import content.jsonl --stack dev --dry-run
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.content.transfer import import_file
    from portfolio.stage_access import open_stage

    stage = open_stage(stack, port)
    _refuse_production(stage, allowed=yes or dry_run)
    import_file(file, stage, terminal, prune=prune, dry_run=dry_run)


@app.command("copy", cls=PlainCommand)
def copy(
    *,
    source: Annotated[str, stack_option("The stage to read: dev, prod or local.", "--from")],
    stack: Stack,
    dry_run: _DryRun = False,
    prune: _PruneTarget = False,
    yes: _Yes = False,
    port: Port = None,
) -> None:
    """Copy the content of a stage to another one, for example to a preview.

    It does the same as an export and an import.

    Examples:
        portfolio content copy --from dev --stack pr-12
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.content.transfer import copy_stage
    from portfolio.stage_access import open_stage

    if source == stack:
        raise typer.BadParameter(f"{source} cannot be copied to itself.", param_hint="--from")
    target = open_stage(stack, port)
    _refuse_production(target, allowed=yes or dry_run)
    copy_stage(open_stage(source, port), target, terminal, prune=prune, dry_run=dry_run)


def _refuse_production(stage: "StageAccess", *, allowed: bool) -> None:
    if stage.is_production and not allowed:
        raise ContentError(
            f"{stage.stack} is production, and its content would change: try --dry-run, "
            "then pass --yes."
        )
