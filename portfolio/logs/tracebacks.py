"""Short tracebacks: paths of the checkout for our frames, and one line for frames of libraries."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from infra.paths import ROOT

SOURCE: Final = "backend/src/"
"""The folder of our frames, in the checkout."""

_FRAME: Final = re.compile(
    r'(?P<margin>[ |]*)File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<function>.+))?'
)
_ZIP: Final = re.compile(r"(?:/var/task|.*/ministack-lambda-[^/]+/code)/(?P<file>.+)")
"""A file of the zip: on Lambda, or in the emulator's copy."""

_PACKAGE: Final = re.compile(
    r".*/(?:(?:site|dist)-packages|portfolio-emulator-[^/]+/dependencies-\w+"
    r"|package/dependencies/\w+/unpacked)/(?P<file>.+)"
)
"""A file of a library, also in the folders that the build and the local stage unpack."""

_CHECKOUT: Final = re.compile(re.escape(f"{ROOT}/") + r"(?P<file>(?:backend|infra|portfolio)/.+)")
_PYTHON: Final = re.compile(r"<frozen .+>|/var/runtime/.+|.*/lib/python3\.\d+/.+")
"""A file of Python's standard library, or of Lambda's runtime."""


@dataclass(frozen=True)
class _Part:
    """A frame of a traceback, or a line outside of the frames."""

    lines: list[str]
    margin: str | None = None
    """The characters before the frame; None outside of the frames."""

    library: str | None = None
    """The name of the frame's library; None for ours and outside of the frames."""

    def continues_with(self, line: str) -> bool:
        """Return True for a further line of the frame: its source, carets or repetition."""
        return self.margin is not None and line.startswith(
            (f"{self.margin}  ", f"{self.margin}[Previous line repeated ")
        )


def shorten_tracebacks(text: str, *, full: bool = False) -> str:
    """Shorten the paths in tracebacks, and fold the frames of libraries; keep all other text.

    Args:
        text: one or several lines.
        full: True to show the frames of libraries too.
    """
    parts = _split(text.splitlines())
    return "\n".join(line for part in (parts if full else _fold(parts)) for line in part.lines)


def _split(lines: Iterable[str]) -> list[_Part]:
    parts: list[_Part] = []
    for line in lines:
        if parts and parts[-1].continues_with(line):
            parts[-1].lines.append(line)
        else:
            parts.append(_parse(line))
    return parts


def _parse(line: str) -> _Part:
    found = _FRAME.fullmatch(line)
    if found is None:
        return _Part([line])
    margin, path, number, function = found.group("margin", "path", "line", "function")
    inside = _ZIP.fullmatch(path) or _PACKAGE.fullmatch(path)
    if own := _CHECKOUT.fullmatch(path):
        place = f"{margin}{own['file']}:{number}"
        return _Part([f"{place} in {function}" if function else place], margin)
    if inside is None:
        return _Part([line], margin, "Python") if _PYTHON.fullmatch(path) else _Part([line])
    file = inside["file"]
    is_ours = file.startswith("src/") and _PACKAGE.fullmatch(path) is None
    place = f"{margin}{'backend/' if is_ours else ''}{file}:{number}"
    library = None if is_ours else file.partition("/")[0].removesuffix(".py")
    return _Part([f"{place} in {function}" if function else place], margin, library)


def _fold(parts: Iterable[_Part]) -> Iterator[_Part]:
    for library, run in groupby(parts, lambda part: part.library is not None):
        frames = list(run)
        if not library:
            yield from frames
            continue
        names = ", ".join(dict.fromkeys(frame.library or "" for frame in frames))
        count = f"{len(frames)} frame{'s' if len(frames) > 1 else ''}"
        yield _Part([f"{frames[0].margin}… {count} of {names}"])
