"""A further deployment onto a running local stage, in a new process with the changed program.

The process gets its task as JSON on standard input and answers with JSON on standard output.
"""

import json
import subprocess
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final, TypedDict

from infra.errors import LocalStageError, PortfolioError
from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from infra.processes.interruption import check_interrupted
from portfolio.logs.tracebacks import shorten_tracebacks

if TYPE_CHECKING:
    from infra.settings import StageSettings
    from portfolio.local.provider import Ledger
    from portfolio.local.stage import LocalStage
    from portfolio.local.start_options import StartOptions


_PROGRAM: Final = (f"{ROOT}/infra/program.py", f"{ROOT}/infra/components/")
"""The files of the program; other frames are of the ways to run it."""


class _Task(TypedDict):
    endpoint: str
    folder: str
    """The emulator's folder for files."""

    function: str
    region: str
    origins: Sequence[str]
    debug: bool
    ledger: dict[str, Any]


class _Answer(TypedDict):
    ledger: dict[str, Any]
    """The resources afterwards, also after an error."""

    outputs: dict[str, str]
    error: str | None


def redeploy(stage: "LocalStage", options: "StartOptions") -> None:
    """Deploy the program of the checkout onto a stage, and update its ledger and outputs.

    Args:
        stage: a running stage; its data stays.
        options: the options of the stage.

    Raises:
        PortfolioError: if the program or the emulator refuses something. What was changed before
            stays changed.
        KeyboardInterrupt: if a signal ends the process.
    """
    from portfolio.local.resources import Known  # noqa: PLC0415 - boto3 is slow to import

    task: _Task = {
        "endpoint": stage.emulator.endpoint,
        "function": stage.outputs["function_name"],
        "folder": str(stage.emulator.folder),
        "region": stage.code.clients.region,
        "origins": options.origins,
        "debug": options.debug_port is not None,
        "ledger": {key: asdict(known) for key, known in stage.ledger.items()},
    }
    answer = _run(task)
    stage.ledger.clear()
    stage.ledger.update({key: Known(**known) for key, known in answer["ledger"].items()})
    if answer["error"]:
        raise LocalStageError(answer["error"])
    stage.outputs.update(answer["outputs"])


def _run(task: _Task) -> _Answer:
    result = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        env=inherited_environment(),
        input=json.dumps(task),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        # Ctrl-C does not reach it: the end of the stage ends it.
        process_group=0,
        check=False,
    )
    check_interrupted()
    try:
        return json.loads(result.stdout)
    except ValueError:
        raise LocalStageError(_explain(result.stderr)) from None


def _explain(trace: str) -> str:
    shown = shorten_tracebacks(trace.rstrip())
    return f"The program cannot be deployed:\n{indent(shown, '  ')}"


def _format(bug: Exception) -> str:
    """Return a traceback with the frames of the program only."""
    trace = traceback.TracebackException.from_exception(bug)
    frames = [frame for frame in trace.stack if frame.filename.startswith(_PROGRAM)]
    trace.stack = traceback.StackSummary.from_list(frames)
    return "".join(trace.format())


def _deploy(task: _Task) -> _Answer:
    from infra.deployment import prepare, register  # noqa: PLC0415 - the changed program
    from infra.settings.files import LOCAL  # noqa: PLC0415
    from portfolio.local.clients import connect  # noqa: PLC0415
    from portfolio.local.deploy import deploy  # noqa: PLC0415
    from portfolio.local.resources import Known  # noqa: PLC0415
    from portfolio.local.source_code import small_package  # noqa: PLC0415
    from portfolio.local.start import load_local_settings  # noqa: PLC0415

    ledger: Ledger = {key: Known(**known) for key, known in task["ledger"].items()}
    outputs: dict[str, str] = {}
    error: str | None = None
    try:
        settings = load_local_settings(task["origins"], debug=task["debug"])
        _refuse_move(settings, task)
        package = prepare(settings, lambda _: None, on_aws=False)
        clients = connect(task["endpoint"], settings.region)
        deployed = small_package(package, Path(task["folder"]))
        outputs = deploy(lambda: register(settings, deployed), clients, LOCAL, ledger)
    except PortfolioError as refusal:
        error = str(refusal)
    except Exception as bug:  # noqa: BLE001 - each error of the changed program
        error = _explain(_format(bug))
    known = {key: asdict(each) for key, each in ledger.items()}
    return {"ledger": known, "outputs": outputs, "error": error}


def _refuse_move(settings: "StageSettings", task: _Task) -> None:
    """Refuse settings that are part of every resource's name or place."""
    if settings.name != task["function"]:
        raise LocalStageError("environment is part of every name: restart make up to change it.")
    if settings.region != task["region"]:
        raise LocalStageError("The resources stay in their region: restart make up to change it.")


def main() -> None:
    """Answer the task on standard input; the program's own output goes to standard error."""
    answer, sys.stdout = sys.stdout, sys.stderr
    json.dump(_deploy(json.load(sys.stdin)), answer)


if __name__ == "__main__":
    main()
