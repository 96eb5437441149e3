"""The pages that people read, and the commands on them."""

import re
import shlex
from collections.abc import Iterator
from typing import Final

from infra.paths import ROOT

PAGES: Final = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
}
"""Their text by their path in the checkout."""

_BLOCK: Final = re.compile(r"^ *```sh\n(.+?)^ *```", re.DOTALL | re.MULTILINE)
_ANY_BLOCK: Final = re.compile(r"^ *```\w*\n(.+?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE: Final = re.compile(r"`([^`\n]+)`")
_COMMENT: Final = re.compile(r" +# .*")
_SUBSTITUTION: Final = re.compile(r"\$\(([^)]*)\)")


def commands_of(program: str) -> Iterator[tuple[str, list[str]]]:
    """Each call of a program, in blocks and between words: its page and its own words."""
    for page, text in PAGES.items():
        blocks = _COMMENT.sub("", "\n".join(_BLOCK.findall(text)).replace("\\\n", " "))
        lines = [*blocks.splitlines(), *_INLINE.findall(_ANY_BLOCK.sub("", text))]
        for line in (*lines, *_SUBSTITUTION.findall("\n".join(lines))):
            for call in re.findall(rf"\b{program} [^&|;]+", _SUBSTITUTION.sub("OUTPUT", line)):
                # Options that may be left out stand in brackets.
                yield page, [word.strip("[]") for word in shlex.split(call)[1:]]
