"""`portfolio probe`."""

from typing import Annotated

import typer

from portfolio.commands.options import begin


def _check_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{url} is not an address: use one such as https://{url}")
    return url.rstrip("/")


def probe(
    url: Annotated[
        str, typer.Argument(metavar="URL", callback=_check_url, help="The API's address.")
    ],
    *,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="Also run the tests that write. They delete their content at the end; "
            "about thirty counted visits stay.",
        ),
    ] = False,
) -> None:
    """Run the contract suite against an API, and print a table of its results.

    Without --write, only reads and sign-ins are sent: a test that needs more is skipped.
    The users come from variables: OWNER_EMAIL, OWNER_PASSWORD, USER_EMAIL …
    The variable ORIGIN is one of the API's origins. Its default is the site; for localhost it is
    the first origin in Pulumi.local.yaml.

    The exit code is 1 if a test fails. It needs the development dependencies.

    Examples:
        portfolio probe https://api.example.com
        portfolio probe http://localhost:8000 --write
    """
    terminal = begin(f"{url}: running the contract suite")
    from portfolio.probe.run_suite import probe as run_probe

    if not run_probe(url, terminal, write=write):
        raise typer.Exit(1)
