"""Runs a program as Pulumi's Python host does: a project's folder, for a stack."""

import json
import os
import runpy
import sys

import pulumi
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from tests.infra.recording_engine import Provider, Recorder, run_program


def main() -> int:
    folder, stack_name = sys.argv[1:]
    recorder = Recorder(Provider(), preview=True)
    exported: list[str] = []

    def program() -> None:
        runpy.run_path(folder, run_name="__main__")
        stack = get_root_resource()
        assert isinstance(stack, Stack)
        exported.extend(stack.outputs)

    try:
        run_program(program, recorder, stack_name, json.loads(os.environ["PULUMI_CONFIG"]))
    except pulumi.RunError as error:
        # What the host shows as it is; anything else it shows with a traceback.
        sys.stderr.write(f"error: {error}\n")
        return 1
    finally:
        told = {"registered": len(recorder.registered), "exported": exported}
        sys.stdout.write(f"{json.dumps(told)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
