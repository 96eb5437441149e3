"""Runs a program as Pulumi's Python host does: a project's folder, for a stack."""

import runpy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
from pulumi.runtime.settings import get_root_resource
from pulumi.runtime.stack import Stack

from tests.infra.recording_engine import Provider, Recorder, run_program


@dataclass
class Hosted:
    """How a run ended."""

    registered: int = 0
    exported: list[str] = field(default_factory=list[str])
    error: str = ""
    """The message that the host shows as it is; it would show any other error with a traceback."""


def host(folder: Path, stack: str, config: Mapping[str, str]) -> Hosted:
    """Run a folder's program as in a preview."""
    recorder, hosted = Recorder(Provider(), preview=True), Hosted()

    def program() -> None:
        runpy.run_path(str(folder), run_name="__main__")
        root = get_root_resource()
        assert isinstance(root, Stack)
        hosted.exported.extend(root.outputs)

    try:
        run_program(program, recorder, stack, config)
    except pulumi.RunError as error:
        hosted.error = str(error)
    hosted.registered = len(recorder.registered)
    return hosted
