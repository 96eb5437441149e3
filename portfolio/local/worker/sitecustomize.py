"""The start of each worker process of the emulator; a worker runs one version of the function.

Python imports this module by its name, before the worker's own program. The emulator's
interpreter runs it, so it imports nothing of ours.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, Final

DEPENDENCIES: Final = "dependencies.path"
"""A file in the code of a reloaded version: the path of the folder with the dependencies."""

DEBUG_PORT: Final = "PORTFOLIO_DEBUG_PORT"
"""The variable with the port for a debugger; without it, breakpoints are skipped."""

BACKEND: Final = "PORTFOLIO_BACKEND"
"""The variable with the folder of the function's project in the checkout."""

_OWN_CODE: Final = "src."


def handle_breakpoint(*_args: object, **_kwargs: object) -> None:
    """Stop in an attached debugger, or print a hint: a worker has no terminal for pdb."""
    port = os.environ.get(DEBUG_PORT)
    debugger: Any = sys.modules.get("debugpy")
    if debugger is not None and debugger.is_client_connected():
        debugger.breakpoint()
        return
    caller, _ = traceback.extract_stack(limit=2)
    hint = f"attach a debugger to port {port}" if port else "start make up with DEBUG=5678"
    sys.stderr.write(f"breakpoint() at {_place(caller)} is skipped: {hint}.\n")


def _place(frame: traceback.FrameSummary) -> str:
    for folder in (f"{Path.cwd()}/", f"{os.environ[BACKEND]}/"):
        if frame.filename.startswith(folder):
            return f"backend/{frame.filename.removeprefix(folder)}:{frame.lineno}"
    return f"{frame.filename}:{frame.lineno}"


class _CheckoutFinder:
    """Finds the function's own code in the checkout: an editor sets its breakpoints there."""

    @staticmethod
    def find_spec(
        name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the specification of the package `src`, and None for all other modules."""
        return PathFinder.find_spec(name, [os.environ[BACKEND]]) if name == "src" else None


def _find_dependencies() -> None:
    """Add the folder of the dependencies to the path; the working directory has the code."""
    listed = Path(DEPENDENCIES)
    if listed.is_file():
        sys.path.insert(0, listed.read_text(encoding="utf-8"))


def _explain_imports() -> None:
    """Put the traceback into the error of a failing import: the emulator reports only its text."""
    import_module = importlib.import_module

    def explain(name: str, package: str | None = None) -> ModuleType:
        try:
            return import_module(name, package)
        except (Exception, SystemExit) as error:
            if not name.startswith(_OWN_CODE):
                raise
            raise ImportError("".join(traceback.format_exception(error))) from error

    importlib.import_module = explain


if __name__ == "sitecustomize":
    _find_dependencies()
    _explain_imports()
    if DEBUG_PORT in os.environ:
        sys.meta_path.insert(0, _CheckoutFinder)
        # Imported by name: the interpreter of linters and tests finds it elsewhere.
        importlib.import_module("debug_port").listen_for_debugger(int(os.environ[DEBUG_PORT]))
