"""`portfolio seed`."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.errors import SampleError
from portfolio.commands.options import PasswordStdin, Port, Stack, begin

if TYPE_CHECKING:
    from portfolio.stage_access import StageAccess


def seed(
    *,
    stack: Stack,
    email: Annotated[
        str | None,
        typer.Option(metavar="EMAIL", help="Owner's e-mail (default: the local stage's owner)."),
    ] = None,
    password_stdin: PasswordStdin = False,
    yes: Annotated[bool, typer.Option("--yes", help="Allow samples in production.")] = False,
    port: Port = None,
) -> None:
    """Write sample content to a stage, through its API.

    An existing item with a sample's title is not changed.

    Examples:
        portfolio seed --stack local
        portfolio seed --stack dev --email ada@example.com
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.owners.passwords import read_password
    from portfolio.samples.create import create_samples
    from portfolio.stage_access import open_stage

    stage = open_stage(stack, port)
    if stage.is_production and not yes:
        raise SampleError(
            f"{stack} is production, and its visitors would see the samples: pass --yes to go on."
        )
    author, url = _choose_author(stage, email), stage.output("api_url")
    password = read_password(author, terminal, from_stdin=password_stdin, confirm=False)
    count = create_samples(url, author, password)
    result = (
        f"{count} samples were created or published" if count else "every sample exists already"
    )
    terminal.say(f"{stack}: {result}, at {url}")


def _choose_author(stage: "StageAccess", email: str | None) -> str:
    author = email or stage.default_owner
    if author is None:
        raise SampleError(
            f"The author is missing: pass --email with an owner of {stage.stack} "
            f"(see portfolio owner list --stack {stage.stack})."
        )
    return author
