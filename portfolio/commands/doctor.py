"""`portfolio doctor`."""

from typing import Annotated

from portfolio.commands.options import Port, begin, stack_option


def doctor(
    *,
    stack: Annotated[
        str | None,
        stack_option("A stage to check too: dev, prod, pr-12 …, or local (make up)."),
    ] = None,
    port: Port = None,
) -> None:
    """Show the installed tools and a stage's account, region, state, stack and API.

    The exit code is 1 if the stage cannot be used.

    Examples:
        portfolio doctor
        portfolio doctor --stack prod
    """
    terminal = begin("checking the tools")
    from portfolio.doctor.report import show_doctor

    show_doctor(terminal, stack, port)
