"""Compiles sources, in an interpreter of its own.

Run by `bytecode.py` as `python -I -S -B -W ignore bytecode_worker.py`, in the folder of the
sources, so nothing in the environment has a say in the bytecode. Reads names from standard
input, writes `__pycache__/*.pyc`, and prints what does not compile; NUL ends each.
"""

import marshal
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from typing import Final

_TASK_ROOT: Final = "/var/task"
"""Where Lambda unpacks the zip: what tracebacks show."""

_UNCHECKED_HASH: Final = (0b01).to_bytes(4, "little")
"""PEP 552: take the bytecode as it is, without a look at the source."""


def compile_source(source: bytes, name: str) -> bytes:
    """The `.pyc` of a source file, the same bytes for the same source.

    Marshal notes which objects somebody else holds as well. Python 3.12 keeps identifiers for
    good (PEP 683), so it no longer matters what was compiled before.

    Args:
        source: as it lies in the file.
        name: the file's path in the zip.

    Raises:
        SyntaxError: if this Python cannot read it.
        RecursionError: if it is nested too deep.
        MemoryError: likewise.
    """
    code = compile(source, f"{_TASK_ROOT}/{name}", "exec", dont_inherit=True, optimize=0)
    return MAGIC_NUMBER + _UNCHECKED_HASH + source_hash(source) + marshal.dumps(code)


def compile_file(name: str) -> str | None:
    """Compile one file of the working directory; return why if it cannot be."""
    path = Path(name)
    try:
        compiled = compile_source(path.read_bytes(), name)
    except SyntaxError as error:
        return f"{name}:{error.lineno or 1}: {error.msg}"
    except (RecursionError, MemoryError):
        return f"{name}:1: nested too deep"
    cached = Path(cache_from_source(name))
    cached.parent.mkdir(exist_ok=True)
    # A wheel may have brought one, and uv links files from its cache: never write into it.
    cached.unlink(missing_ok=True)
    cached.write_bytes(compiled)
    return None


def main() -> None:
    """Compile what standard input names."""
    names = sys.stdin.read().split("\0")[:-1]
    reasons = filter(None, map(compile_file, names))
    sys.stdout.write("".join(f"{reason}\0" for reason in reasons))


if __name__ == "__main__":
    main()
