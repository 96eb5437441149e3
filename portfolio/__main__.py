"""The entry point of `portfolio`: signals are handled before the long imports."""

import os
import sys
from pathlib import Path

try:
    from infra.processes.environment import clean_environment
    from infra.processes.printable import printable_message
    from infra.processes.refusals import allow_open_files
    from infra.processes.streams import open_streams
    from infra.processes.supervision import run_supervised
    from portfolio.shared_bytecode import use_bytecode
except KeyboardInterrupt:  # before a handler can be set
    os._exit(130)


def main() -> None:
    """Run a command in a child process. A signal during its imports ends it immediately."""
    try:
        # First: a closed stream's number must not become a file.
        open_streams()
        clean_environment()
        run_supervised(_run)
    except KeyboardInterrupt:  # before the handlers are set
        os._exit(130)


def _run() -> None:
    if problem := allow_open_files():
        sys.exit(f"error: {problem}")
    use_bytecode(Path(sys.prefix))
    try:
        from portfolio.cli import main as run  # noqa: PLC0415 - takes half a second
    except Exception as error:  # noqa: BLE001 - any, if a library is not complete
        from portfolio.errors.failures import explain_failure  # noqa: PLC0415 - for an error only

        sys.exit(f"error: {printable_message(explain_failure(error))}")
    run()


if __name__ == "__main__":
    main()
