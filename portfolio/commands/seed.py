"""`portfolio seed`."""

from typing import Annotated

import typer

from infra.errors import SampleError
from portfolio.commands.options import Port, Stack
from portfolio.terminal import Terminal


def seed(
    *,
    stack: Stack,
    email: Annotated[
        str | None, typer.Option(help="The owner's who writes it; that of make up by default.")
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read their password from standard input.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Even in production.")] = False,
    port: Port = None,
) -> None:
    """Put sample content on a stage: posts, projects and certifications, over its API.

    What is there already, by its title, stays as it is.
    """
    from infra.settings.files import LOCAL  # noqa: PLC0415 - as above
    from portfolio.local.default_owner import OWNER_EMAIL  # noqa: PLC0415 - as above
    from portfolio.owners.passwords import read_password  # noqa: PLC0415 - only this needs it
    from portfolio.samples.create import create_samples  # noqa: PLC0415 - as above
    from portfolio.stage_access import open_stage  # noqa: PLC0415 - boto3 is slow

    stage = open_stage(stack, port)
    if stage.is_production and not yes:
        raise SampleError(
            f"{stack} is production, where everybody would read the samples: say --yes if so."
        )
    email = email or (OWNER_EMAIL if stack == LOCAL else None)
    if email is None:
        raise SampleError(
            f"Who writes? Say --email, of one whom portfolio owner list --stack {stack} tells."
        )
    url = stage.output("api_url")
    password = read_password(email, from_stdin=password_stdin, confirm=False)
    count = create_samples(url, email, password)
    told = f"{count} samples are new or published" if count else "every sample is there already"
    Terminal().say(f"{stack}: {told}, at {url}")
