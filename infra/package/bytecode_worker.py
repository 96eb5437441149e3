"""Compile sources in a separate, isolated interpreter.

`bytecode.py` runs this as `python -I -S -B -W ignore bytecode_worker.py` in the folder of the
sources. The environment cannot change the bytecode this way. It reads file names from standard
input, writes `__pycache__/*.pyc`, and prints the errors. NUL ends each name and each error.
"""

import marshal
import sys
import traceback
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from typing import Final

REFUSED: Final = 3
"""The exit code if the system refuses a file; the error's number is printed then."""

_TASK_ROOT: Final = "/var/task"
"""Lambda's folder of the unpacked zip, shown in tracebacks."""

_UNCHECKED_HASH: Final = (0b01).to_bytes(4, "little")
"""PEP 552: Python loads the bytecode without reading the source."""


def compile_source(source: bytes, name: str) -> bytes:
    """Return the `.pyc` of a source file; the same source gives the same bytes.

    Marshal also stores if an object has other references. Python 3.12 keeps identifiers
    forever (PEP 683), so files compiled earlier do not change the result.

    Args:
        source: the content of the file.
        name: the path of the file in the zip.

    Raises:
        SyntaxError: if this Python cannot parse the source.
        RecursionError: if the source is nested too deep.
        MemoryError: if the source is nested too deep.
    """
    code = compile(source, f"{_TASK_ROOT}/{name}", "exec", dont_inherit=True, optimize=0)
    return MAGIC_NUMBER + _UNCHECKED_HASH + source_hash(source) + marshal.dumps(code)


def compile_file(name: str) -> str | None:
    """Compile one file of the working directory; return the error, or None."""
    path = Path(name)
    try:
        compiled = compile_source(path.read_bytes(), name)
    except SyntaxError as error:
        return f"{name}:{error.lineno or 1}: {error.msg}{_show_source(error)}"
    except (RecursionError, MemoryError):
        return f"{name}:1: nested too deep"
    cached = Path(cache_from_source(name))
    cached.parent.mkdir(exist_ok=True)
    # A wheel may contain this file, as a link into uv's cache: never write into the link.
    cached.unlink(missing_ok=True)
    cached.write_bytes(compiled)
    return None


def _show_source(error: SyntaxError) -> str:
    """Return the line of the source and a caret below it, as Python shows them."""
    _, *shown, _ = traceback.format_exception_only(error)
    return "".join(f"\n{line.rstrip()}" for line in shown).replace("\0", " ")


def main() -> None:
    """Compile the files named on standard input."""
    names = sys.stdin.read().split("\0")[:-1]
    try:
        reasons = [*filter(None, map(compile_file, names))]
    except OSError as error:
        # `bytecode.py` raises it again.
        sys.stdout.write(str(error.errno))
        sys.exit(REFUSED)
    sys.stdout.write("".join(f"{reason}\0" for reason in reasons))


if __name__ == "__main__":
    main()
