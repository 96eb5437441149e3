"""The start of each worker process of the emulator; a worker runs one version of the function.

Python imports this module by its name, before the worker's own program. The emulator's
interpreter runs it, so it imports nothing of ours.
"""

import importlib
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Final

DEPENDENCIES: Final = "dependencies.path"
"""A file in the code of a reloaded version: the path of the folder with the dependencies."""

_OWN_CODE: Final = "src."


def explain_breakpoint(*_args: object, **_kwargs: object) -> None:
    """Print a hint instead of waiting for input: a worker has no terminal."""
    caller, _ = traceback.extract_stack(limit=2)
    file = caller.filename.removeprefix(f"{Path.cwd()}/")
    place = f"backend/{file}:{caller.lineno}" if file.startswith("src/") else caller.filename
    sys.stderr.write(f"breakpoint() at {place} is skipped: a function has no terminal.\n")


def _find_dependencies() -> None:
    """Add the folder of the dependencies to the path; the working directory has the code."""
    listed = Path(DEPENDENCIES)
    if listed.is_file():
        sys.path.insert(0, listed.read_text())


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
