"""Standard input, output and error: open, named in errors, and printable on any terminal."""

import codecs
import os
import sys
from collections.abc import Buffer
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import Final, override

OUTPUTS: Final = ("standard output", "standard error")
"""The names of the two outputs in errors."""

_SYMBOLS: Final = {"…": "...", "·": "-", "→": "->", "✓": "+", "✗": "x"}
"""Symbols of our messages in ASCII."""

_HANDLER: Final = "portfolio-symbols"


def open_streams() -> None:
    """Make the streams of this process fit for every command.

    - A closed stream is opened, or the next opened file would become standard output. A closed
      input is empty then; a closed output fails when it is used.
    - A failed write names the stream.
    - Results for a file or another program are UTF-8. A terminal with another encoding shows
      other characters as ASCII.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    codecs.register_error(_HANDLER, _replace)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False, encoding="utf-8")
    sys.stdout = _open_output(1, sys.stdout)
    sys.stderr = _open_output(2, sys.stderr)


def find_failed_output() -> str:
    """Write what is left in the buffers; return a message if an output fails, or no text.

    Python would write it at its end, and print a traceback.
    """
    message = ""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            message = message or describe_failed_output(error)
            _discard(stream)
    return message


def describe_failed_output(error: OSError) -> str:
    """Return the message for a failed write to standard output or standard error."""
    return f"{str(error.filename).capitalize()} cannot be written: {error.strerror}."


class _Output(FileIO):
    """An output that adds its name to its errors."""

    @override
    def write(self, b: Buffer, /) -> int | None:
        try:
            return super().write(b)
        except OSError as error:
            error.filename = OUTPUTS[self.fileno() - 1]
            raise


def _open_output(number: int, former: object) -> TextIOWrapper:
    raw = _Output(number, "w", closefd=False)
    encoding = former.encoding if isinstance(former, TextIOWrapper) else "utf-8"
    is_result = number == 1 and not raw.isatty()
    return TextIOWrapper(
        BufferedWriter(raw),
        encoding="utf-8" if is_result else encoding,
        # A file name may have bytes that are not text.
        errors="surrogateescape" if is_result else _HANDLER,
        line_buffering=not is_result,
    )


def _discard(stream: object) -> None:
    """Send the rest of a stream to nowhere."""
    if isinstance(stream, TextIOWrapper):
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start : error.end]
    return "".join(_SYMBOLS.get(each) or ascii(each)[1:-1] for each in characters), error.end
