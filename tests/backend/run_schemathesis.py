"""Schemathesis on a running API, as its own program."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.paths import OPENAPI, ROOT

_CONFIG: Final = Path(__file__).with_name("schemathesis.toml")
_HOOKS: Final = "tests.backend.schemathesis_hooks"
_PROGRAM: Final = Path(sys.executable).with_name("schemathesis")


@dataclass(frozen=True)
class SchemathesisRun:
    """The end of a run."""

    cases: int
    """Number of generated requests."""

    problems: str
    """The report, or nothing without a problem."""


def run_schemathesis(url: str, token: str, directory: Path, *options: str) -> SchemathesisRun:
    """Send requests by the schema to the API at this URL, as the bearer of a token.

    Args:
        url: the address of the API.
        token: an ID token of an owner; one of the operations signs the owner out.
        directory: a folder for the files that Schemathesis writes.
        options: more options of `schemathesis run`.
    """
    command = [_PROGRAM, f"--config-file={_CONFIG}", "run", OPENAPI, f"--url={url}"]
    result = subprocess.run(
        [*command, f"--header=Authorization: Bearer {token}", *options],
        # No proxy, and no measuring of coverage, which would take its time.
        env={"SCHEMATHESIS_HOOKS": _HOOKS, "PYTHONPATH": str(ROOT)},
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"([\d,]+) generated", result.stdout)
    assert found, result.stdout + result.stderr
    cases = int(found[1].replace(",", ""))
    return SchemathesisRun(cases, result.stdout if result.returncode else "")
