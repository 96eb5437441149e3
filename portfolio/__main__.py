"""The entry point of `portfolio`, with signal handlers set before the long imports."""

import os
import sys

try:
    from infra.processes.interruption import end_at_once, handling_signals
except KeyboardInterrupt:  # before a handler can be set
    os._exit(130)


def main() -> None:
    """Run a command. A signal during the imports ends the process immediately."""
    try:
        with handling_signals(end_at_once):
            from portfolio.cli import main as run  # noqa: PLC0415 - takes half a second

            run()
    except KeyboardInterrupt:  # before the handlers are set
        sys.exit(130)


if __name__ == "__main__":
    main()
