"""`portfolio open`."""

from typing import Annotated

import typer

from portfolio.commands.options import Port, Stack, begin
from portfolio.console.pages import Page


def open_page(
    page: Annotated[Page, typer.Argument(metavar="PAGE", help=f"{', '.join(Page)}.")] = Page.API,
    *,
    stack: Stack,
    print_only: Annotated[
        bool, typer.Option("--print", help="Print the address, and open nothing.")
    ] = False,
    port: Port = None,
) -> None:
    """Open a page of a stage in the browser: its API, docs or status, or a page of AWS's console.

    Examples:
        portfolio open docs --stack local
        portfolio open dashboard --stack prod --print
    """
    terminal = begin(f"{stack}: opening the stage")
    import webbrowser

    from portfolio.console.pages import browser_address, page_address
    from portfolio.stage_access import open_stage

    address = page_address(open_stage(stack, port), page)
    terminal.say(address)
    if not print_only and not webbrowser.open(browser_address(page, address)):
        terminal.warn("This machine has no browser that can be opened: use the address above.")
