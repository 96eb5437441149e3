"""The entry point of `portfolio`: signals are handled before the rest is imported."""

import os
import sys

try:
    from infra.processes.interruption import end_at_once, handling_signals
except KeyboardInterrupt:  # sooner than it can be handled
    os._exit(130)


def main() -> None:
    """Run a command; a signal during the imports ends the process at once."""
    try:
        with handling_signals(end_at_once):
            from portfolio.cli import main as run  # noqa: PLC0415 - takes half a second

            run()
    except KeyboardInterrupt:  # sooner than the handlers are there
        sys.exit(130)


if __name__ == "__main__":
    main()
