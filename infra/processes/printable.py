"""Text from outside, made safe for a terminal and for Markdown."""

import logging
import re
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import Final, override

_EMULATOR_SECRET: Final = re.compile(r"(?<=://127\.0\.0\.1:)(\d+)/[\w-]{43}")
"""The first path segment of the local emulator's URL, printed in botocore's errors."""


def without_secret(text: str) -> str:
    """Remove the secret from the local emulator's URL."""
    return _EMULATOR_SECRET.sub(r"\1", text)


def printable(text: str) -> str:
    r"""Escape non-printable characters except tabs: ESC becomes `\x1b`."""
    return text if text.isprintable() else "".join(map(_escape_character, text))


def printable_lines(text: str) -> str:
    """Escape each line of a text, and keep the newlines."""
    return "\n".join(map(printable, text.replace("\r\n", "\n").split("\n")))


def printable_message(text: str) -> str:
    """Escape a message, and indent all lines but the first: none looks like a message itself."""
    return re.sub(r"\n(?=\S)", "\n  ", printable_lines(text).rstrip("\n"))


def markdown_code(text: str) -> str:
    """Return a text as code in a line or cell of Markdown: without links, HTML or mentions."""
    line = printable(" ".join(text.split())).replace("|", "\\|")
    longest = max(map(len, re.findall("`+", line)), default=0)
    # A space at each end is not shown; a backtick needs it.
    space = " " if longest else ""
    return f"{'`' * (longest + 1)}{space}{line}{space}{'`' * (longest + 1)}"


_FORMAT_WARNING: Final = warnings.formatwarning


class _PrintableFormatter(logging.Formatter):
    @override
    def format(self, record: logging.LogRecord) -> str:
        return printable_message(without_secret(super().format(record)))


def make_pythons_output_printable() -> None:
    """Escape everything that Python itself prints on standard error.

    - The logs of libraries, such as urllib3's and uvicorn's about bad requests: no command sets
      up Python's logging, so it prints warnings and errors.
    - `warnings.warn`.
    - The traceback of an error that nobody catches: in a thread, in a destructor, or at the end.
    """
    if logging.lastResort:
        logging.lastResort.setFormatter(_PrintableFormatter())
    warnings.formatwarning = _format_warning
    # Hooks of others stay, such as those of a test runner.
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _print_error
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _print_error_of_thread
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _print_error_of_destructor


def format_error(error: BaseException) -> str:
    """Return the traceback of an error, escaped."""
    return _printable_output("".join(traceback.format_exception(error)))


def _format_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None
) -> str:
    return _printable_output(_FORMAT_WARNING(message, category, filename, lineno, line))


def _print_error(
    _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    sys.stderr.write(format_error(error))


def _print_error_of_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value and not isinstance(failed.exc_value, SystemExit):
        sys.stderr.write(format_error(failed.exc_value))


def _print_error_of_destructor(failed: "sys.UnraisableHookArgs") -> None:
    if failed.exc_value:
        sys.stderr.write(format_error(failed.exc_value))


def _printable_output(text: str) -> str:
    return printable_message(without_secret(text)) + "\n"


def _escape_character(character: str) -> str:
    if character.isprintable() or character == "\t":
        return character
    if character < "\x7f":
        return character.encode("unicode_escape").decode()
    # JSON allows these characters as they are, and these escapes have the same meaning in JSON.
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(rf"\u{units[start : start + 4]}" for start in range(0, len(units), 4))
