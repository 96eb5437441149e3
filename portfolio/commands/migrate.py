"""`portfolio migrate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.errors import CommandLineError
from portfolio.commands.options import Port, Stack, begin

if TYPE_CHECKING:
    from portfolio.migration.sources import OldTable
    from portfolio.stage_access import StageAccess

_From = Annotated[
    str | None, typer.Option("--from", metavar="TABLE", help="The SAM deployment's table.")
]
_FromFile = Annotated[
    Path | None,
    typer.Option(
        "--from-file",
        metavar="PATH",
        exists=True,
        help="The table's export to S3, in DynamoDB JSON: its folder or one of its files.",
    ),
]
_FromRegion = Annotated[
    str | None,
    typer.Option(
        "--from-region", metavar="REGION", help="The table's region (default: the stage's)."
    ),
]
_FromProfile = Annotated[
    str | None,
    typer.Option(
        "--from-profile",
        metavar="PROFILE",
        help="AWS profile to read the table with (default: the stage's).",
    ),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the report, but write nothing.")]
_Prune = Annotated[
    bool, typer.Option("--prune", help="Remove the old items from TABLE, after verification.")
]
_Report = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the report to a file, as JSON.")
]


def migrate(
    *,
    stack: Stack,
    from_table: _From = None,
    from_file: _FromFile = None,
    from_region: _FromRegion = None,
    from_profile: _FromProfile = None,
    dry_run: _DryRun = False,
    prune: _Prune = False,
    report: _Report = None,
    port: Port = None,
) -> None:
    """Carry posts, projects, certifications, views and visits over from the SAM deployment.

    Ids, slugs, status and times stay. The command can be repeated, also after it was killed.

    Examples:
        portfolio migrate --from old-table --stack prod --dry-run
    """
    if (from_table is None) == (from_file is None):
        raise CommandLineError("Pass either --from TABLE or --from-file PATH.")
    if prune and (dry_run or from_file):
        raise CommandLineError("Use --prune with --from only, and without --dry-run.")
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.errors.aws_errors import explain_aws_errors
    from portfolio.migration.migrate import Options, carry_over
    from portfolio.migration.sources import ExportFiles
    from portfolio.stage_access import PATIENT, open_stage
    from src.repositories.table import Table

    stage = open_stage(stack, port)
    target = Table(stage.client("dynamodb", PATIENT), stage.output("table_name"))
    options = Options(stack=stack, dry_run=dry_run, prune=prune, report=report)
    with explain_aws_errors(stack):
        source = (
            ExportFiles(from_file)
            if from_file
            else _open_table(stage, str(from_table), from_region, from_profile)
        )
        carry_over(source, target, options, terminal)


def _open_table(
    stage: "StageAccess", table: str, region: str | None, profile: str | None
) -> "OldTable":
    """Open the old table, with the stage's own credentials unless there is another profile."""
    import boto3

    from portfolio.migration.sources import OldTable
    from portfolio.stage_access import PATIENT

    if profile is None:
        return OldTable(stage.client("dynamodb", PATIENT, region), table)
    session = boto3.Session(profile_name=profile, region_name=region or stage.region)
    return OldTable(session.client("dynamodb", config=PATIENT), table)
