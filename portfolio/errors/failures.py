"""Errors that no command expects: refusals of the system, and bugs of this project."""

import os
import sys
import tempfile
import tomllib
import traceback
from pathlib import Path
from types import ModuleType
from typing import Final, cast

from infra.errors import PortfolioError
from infra.paths import ROOT
from infra.processes.printable import without_secret
from infra.processes.refusals import describe_refusal, is_refusal
from infra.processes.streams import OUTPUTS, describe_failed_output

_OURS: Final = tuple(f"{ROOT / name}{os.sep}" for name in ("portfolio", "infra", "backend"))
_PACKAGES: Final = {"backend", "infra", "portfolio", "src", "tests"}
"""The top packages of this project; each other one is a library."""

_ENVIRONMENT: Final = ROOT / ".venv"

_NO_THREAD: Final = "can't start new thread"
"""Python's words if the limit of processes is reached."""


def explain_failure(error: Exception) -> str:
    """Return an error in one or two lines with the next step.

    Args:
        error: any error, or a group with it. The traceback of a bug goes to a file.
    """
    error = _first(error)
    if isinstance(error, PortfolioError):
        return str(error)
    if isinstance(error, OSError) and error.filename in OUTPUTS:
        return describe_failed_output(error)
    if isinstance(error, OSError) and is_refusal(error):
        return describe_refusal(error)
    if isinstance(error, MemoryError) or _NO_THREAD in str(error):
        reason = str(error) or "No memory is left"
        return f"{reason}. End other programs, or raise the limits (ulimit)."
    if _is_broken_library(error):
        return _describe_environment(error)
    return _report_bug(error)


def issues_address() -> str:
    """Return the address for reports, from `pyproject.toml`."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["urls"]["Issues"]


def _first(error: Exception) -> Exception:
    """Return the first error of a group: a server's tasks fail together."""
    if isinstance(error, ExceptionGroup):
        return _first(cast("ExceptionGroup[Exception]", error).exceptions[0])
    return error


def _is_broken_library(error: Exception) -> bool:
    """Return True if an installed library is missing, or has not all of its files."""
    match error:
        case ImportError(name=name):
            return _package(name or "") not in _PACKAGES
        case SyntaxError(filename=name):
            # A file with null bytes has no name here: the frame before is the one that imports it.
            last = traceback.extract_tb(error.__traceback__)[-1].filename
            return (name or last).startswith(f"{sys.prefix}{os.sep}")
        case AttributeError(obj=ModuleType() as module):
            return _package(module.__name__) not in {*_PACKAGES, *sys.stdlib_module_names}
        case _:
            return False


def _package(module: str) -> str:
    return module.partition(".")[0]


def _describe_environment(error: Exception) -> str:
    found = f"The installed libraries are not complete: {_describe(error)}"
    if Path(sys.prefix) != _ENVIRONMENT:
        return f"{found}.\nUse {ROOT / 'bin/portfolio'}: it installs them."
    return f"{found}.\nDelete {_ENVIRONMENT}, then use bin/portfolio: it installs them again."


def _describe(error: Exception) -> str:
    """Return the words of an error, and the last line of ours before it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OURS)]
    place = f" ({Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno})" if ours else ""
    return " ".join(traceback.format_exception_only(error)[-1].split()) + place


def _report_bug(error: Exception) -> str:
    words = _describe(error)
    file = _write_traceback(error)
    return (
        f"This is a bug of the project: {words}.\n"
        f"Report it at {issues_address()} with the traceback in {file}."
    )


def _write_traceback(error: Exception) -> str:
    """Write a traceback to a temporary file that only this user can read; return its path."""
    text = without_secret("".join(traceback.format_exception(error)))
    descriptor, path = tempfile.mkstemp(prefix="portfolio-traceback-", suffix=".txt")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
    return path
