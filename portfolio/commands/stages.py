"""`portfolio stages`."""

from portfolio.commands.options import Json
from portfolio.terminal import Terminal


def stages(*, as_json: Json = False) -> None:
    """Show every difference between local, preview, dev and prod, with its reason."""
    from portfolio.stages.differences_table import show_stages

    show_stages(Terminal(), as_json=as_json)
