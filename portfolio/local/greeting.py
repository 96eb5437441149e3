"""The lines of a local stage when it is ready: addresses, the owner, commands to try."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.paths import ROOT
from portfolio.local.worker.debug_port import knows_users

if TYPE_CHECKING:
    from portfolio.local.default_owner import Owner
    from portfolio.local.running_stages import RunningStage
    from portfolio.local.start_options import StartOptions
    from portfolio.terminal import Terminal

_DEFAULT_PORT: Final = 8000


def greet(
    terminal: "Terminal",
    running: "RunningStage",
    started: float,
    owner: "Owner",
    options: "StartOptions",
) -> None:
    """Print the addresses, the owner, and commands that can be copied.

    Args:
        terminal: prints the lines.
        running: the stage's ports.
        started: the time of the start, by the monotonic clock.
        owner: the stage's owner.
        options: the choices for the start.
    """
    port, command = running.port, _command()
    url = f"http://localhost:{port}"
    stack = "--stack local" + (f" --port {port}" if port != _DEFAULT_PORT else "")
    credentials = f"""'{{"email": "{owner.email}", "password": "{owner.password}"}}'"""
    terminal.say()
    terminal.say(f"The API is ready at {url} after {time.monotonic() - started:.1f} s", "bold")
    terminal.say(f"Docs: {url}/docs")
    terminal.say(f"Status page: {running.status_link}")
    terminal.say(f"Owner: {owner.email}, password {owner.password}")
    if options.kept:
        terminal.say(f"Data: kept in {_relative(options.kept.folder)}; delete it to begin anew")
    terminal.say()
    terminal.say("Try (ID_TOKEN is the id_token in the answer of the login):")
    terminal.say(f"  curl {url}/blogs")
    terminal.say(f"  curl {url}/auth/login --json {credentials}")
    terminal.say(f"  curl {url}/auth/me --oauth2-bearer ID_TOKEN")
    terminal.say()
    terminal.say("In another terminal:")
    terminal.say(f"  {command} logs {stack} --follow")
    terminal.say(f"  {command} invoke GET /auth/me {stack} --as owner")
    terminal.say(f"  {command} --help")
    terminal.say()
    _say_how_to_work(terminal, options.debug_port)


def _say_how_to_work(terminal: "Terminal", debug_port: int | None) -> None:
    terminal.say("Save a file under backend/src to update the API. Press Ctrl-C to stop.")
    if debug_port is not None:
        terminal.say(f"Attach a debugger to port {debug_port}. Time limits are off.")
        if not knows_users():
            terminal.warn(
                f"Other users of this machine can attach to port {debug_port} too, and run code: "
                "this system does not tell the users of a connection."
            )
    terminal.say()


def _command() -> str:
    """Return the path of `bin/portfolio` from the working directory."""
    return _relative(ROOT / "bin" / "portfolio")


def _relative(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except FileNotFoundError:  # the working directory is deleted
        return str(path)
