"""`portfolio validate`."""

from portfolio.commands.options import begin


def validate() -> None:
    """Check every stage's settings and program, uv.lock and openapi.json, without AWS.

    Examples:
        portfolio validate
    """
    terminal = begin("checking the settings and the program of each stage")
    from portfolio.validation import validate as run

    run(terminal)
