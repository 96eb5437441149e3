"""`portfolio stages`."""

from portfolio.commands.options import Json, begin


def stages(*, as_json: Json = False) -> None:
    """Show every difference between local, preview, dev and prod, with its reason.

    Examples:
        portfolio stages
        portfolio stages --json
    """
    terminal = begin("comparing the settings and the program of each stage")
    from portfolio.stages.differences_table import show_stages

    show_stages(terminal, as_json=as_json)
