"""Runs a program as Pulumi's `pulumi-language-python-exec` does, with one JSON argument."""

import asyncio
import json
import logging
import runpy
import sys
import traceback

import pulumi
from pulumi import runtime

ARGUMENTS = json.loads(sys.argv[1])
SHOWN = 32


def main() -> int:
    """Run the program and return its exit code; KeyboardInterrupt is not caught, as there."""
    runtime.set_all_config(ARGUMENTS["config"], ARGUMENTS["secret_keys"])
    runtime.configure(
        runtime.Settings(
            monitor=ARGUMENTS["monitor"],
            engine=ARGUMENTS["engine"],
            project=ARGUMENTS["project"],
            stack=ARGUMENTS["stack"],
            organization=ARGUMENTS["organization"],
            parallel=ARGUMENTS["parallel"],
            dry_run=ARGUMENTS["dry_run"],
        )
    )
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    program = ARGUMENTS["program"]

    def run() -> None:
        runpy.run_path(program, run_name="__main__")

    try:
        loop.run_until_complete(runtime.run_in_stack(run))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return SHOWN
    except Exception:  # noqa: BLE001 - as there
        pulumi.log.error("Program failed with an unhandled exception:\n" + traceback.format_exc())
        return SHOWN
    finally:
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
