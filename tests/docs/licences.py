"""The table of licences in docs/licences.md; `python -m tests.docs.licences` writes it.

`uv export` lists the packages as locked. The licences are those that the installed packages
declare.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from typing import Final

from infra.package.uv import run_uv
from infra.paths import ROOT

PAGE: Final = ROOT / "docs" / "licences.md"

_FUNCTION: Final = ("--package", "portfolio-backend", "--extra", "docs")
_EXPORT: Final = (
    *("export", "--frozen", "--no-dev", "--no-emit-workspace", "--no-hashes"),
    *("--no-header", "--no-annotate"),
)
_TABLE: Final = re.compile(
    r"(?<=<!-- make format writes the licences -->\n).*(?=<!-- end of the licences -->)", re.DOTALL
)
_CLASSIFIER: Final = re.compile(r"License :: OSI Approved :: (.+?)(?: \((?P<short>.+)\))?")

_SPELLINGS: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "ISC License": "ISC",
    "BSD License": "BSD",
    "ISCL": "ISC",
    "MIT License": "MIT",
}
"""Names of licences in packages without a licence expression (PEP 639), and their SPDX names."""


def write_table(text: str) -> str:
    """Return the page's text with the table of this checkout's lock."""
    return _TABLE.sub(lambda _: "\n".join(["", *_lines(), "", ""]), text)


def find_licence(package: str) -> str:
    """Return the licence that an installed package declares, or an empty text."""
    declared = metadata(package)
    if expression := declared.get("License-Expression") or declared.get("License"):
        return _SPELLINGS.get(expression, expression)
    classifiers = (_CLASSIFIER.fullmatch(each) for each in declared.get_all("Classifier") or [])
    names = [found["short"] or found[1] for found in classifiers if found]
    return " OR ".join(_SPELLINGS.get(name, name) for name in names)


def runtime_packages() -> dict[str, bool]:
    """Return the packages by name, with True for those in the function's zip."""
    in_zip = _export(*_FUNCTION)
    return {name: name in in_zip for name in sorted(in_zip | _export())}


def _export(*options: str) -> set[str]:
    finished = run_uv(*_EXPORT, *options)
    assert finished.returncode == 0, finished.stderr
    lines = finished.stdout.splitlines()
    # A package for Windows only is not installed here.
    return {re.split(r"[=\[]", line)[0] for line in lines if "win32" not in line}


def _lines() -> Iterator[str]:
    yield "| package | licence | part of |"
    yield "|---|---|---|"
    for name, is_in_zip in runtime_packages().items():
        yield f"| {name} | {find_licence(name)} | {'zip' if is_in_zip else 'commands'} |"


if __name__ == "__main__":
    sys.exit(PAGE.write_text(write_table(PAGE.read_text())) == 0)
