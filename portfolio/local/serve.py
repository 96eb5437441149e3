"""`portfolio up`: start the local stage on its ports, and serve it until Ctrl-C."""

import time
from typing import TYPE_CHECKING

from infra.processes.background import ending_children
from portfolio.local.listeners import check_free, listen, listen_beside
from portfolio.local.start import run_local_stage

if TYPE_CHECKING:
    from portfolio.local.start_options import StartOptions
    from portfolio.terminal import Terminal


def serve(
    port: int, status_port: int | None, options: "StartOptions", terminal: "Terminal"
) -> None:
    """Run the local stage on a loopback port until a signal arrives.

    Args:
        port: the port of the API.
        status_port: the port of the status page, or None for the next free one.
        options: the other choices for the start.
        terminal: prints a line for each step and each request.

    Raises:
        PortfolioError: if an origin is wrong, if the stage cannot start, or if the emulator stops.
        KeyboardInterrupt: if a signal arrives before the stage serves.
    """
    started = time.monotonic()
    if options.debug_port is not None:
        check_free(options.debug_port, "make up DEBUG=")
    with (
        ending_children(),
        listen(port) as sockets,
        listen_beside(port, status_port) as status_sockets,
        run_local_stage(terminal, options) as stage,
    ):
        from portfolio.local.serving import Ports, serve_stage  # noqa: PLC0415 - imported by now

        serve_stage(stage, Ports(port, sockets, status_sockets), options, terminal, started)
