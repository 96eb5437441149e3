"""`portfolio content`: a stage's content to a file, from a file, or to another stage."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

from infra.errors import ContentError
from infra.processes.leftovers import noted, temporary_folder
from portfolio.content.content_file import STANDARD, open_content_file
from portfolio.content.export import StageReader, export_content
from portfolio.content.importing import import_content
from portfolio.errors.aws_errors import explain_aws_errors
from src.repositories.table import Table

if TYPE_CHECKING:
    from portfolio.stage_access import StageAccess
    from portfolio.terminal import Terminal


def export_stage(stage: "StageAccess", path: str, terminal: "Terminal") -> None:
    """Write a stage's content to a file.

    Args:
        stage: the stage.
        path: the file, or `-` for standard output.
        terminal: the output.

    Raises:
        PortfolioError: if the file cannot be written, or the table cannot be read.
    """
    with explain_aws_errors(stage.stack):
        reader = StageReader.of(_table_of(stage))
        with _open_output(path) as output, terminal.progress("exporting", reader.items) as advance:
            count = export_content(reader, output, advance)
    # Standard output may be the file.
    terminal.note(f"{stage.stack}: {count} items exported")


def import_file(
    path: str, stage: "StageAccess", terminal: "Terminal", *, prune: bool, dry_run: bool
) -> None:
    """Write a file's content to a stage.

    Args:
        path: the file, or `-` for standard input.
        stage: the stage.
        terminal: the output.
        prune: True to delete the stage's items that are missing in the file.
        dry_run: True to print the changes only.

    Raises:
        PortfolioError: if the file is wrong, or the table cannot be written.
    """
    with open_content_file(path) as file, explain_aws_errors(stage.stack):
        import_content(file, _table_of(stage), terminal, prune=prune, dry_run=dry_run)
    terminal.say(
        f"{stage.stack}: nothing was written (dry run)"
        if dry_run
        else f"{stage.stack}: {file.items} items imported"
    )


def copy_stage(
    source: "StageAccess",
    target: "StageAccess",
    terminal: "Terminal",
    *,
    prune: bool,
    dry_run: bool,
) -> None:
    """Write a stage's content to another stage; the rest is as for `import_file`."""
    with temporary_folder("portfolio-content-") as folder:
        path = str(folder / f"{source.stack.replace('/', '-')}.jsonl")
        export_stage(source, path, terminal)
        import_file(path, target, terminal, prune=prune, dry_run=dry_run)


def _table_of(stage: "StageAccess") -> Table:
    return Table(stage.dynamodb, stage.table_name)


@contextmanager
def _open_output(path: str) -> Generator[IO[bytes]]:
    """Open a file that replaces an existing one in the end; only its owner may read the drafts."""
    if path == STANDARD:
        yield sys.stdout.buffer
        return
    file = Path(path)
    try:
        with (
            NamedTemporaryFile(
                dir=file.parent, prefix=f".{file.name}.", delete_on_close=False
            ) as output,
            noted(Path(output.name)),
        ):
            yield output.file
            output.close()
            Path(output.name).replace(file)
    except OSError as error:
        raise ContentError(f"{path} cannot be written: {error.strerror}.") from None
