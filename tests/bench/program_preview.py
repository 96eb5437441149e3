"""What the program itself takes in a preview: no engine, no build of the zip, no AWS."""

import subprocess
import sys
from typing import Final

from infra.paths import ROOT
from infra.settings.files import stack_of, stages
from tests.bench.timing import median

_AIM: Final = 3.0
"""Seconds."""

_VALIDATE: Final = "from portfolio.cli import app; app(['validate'])"
_VALIDATE_AIM: Final = 10.0
"""Seconds."""

_IMPORTS: Final = "import portfolio.engine.recording, infra.settings"
_PREVIEW: Final = """
import sys
from portfolio.engine.recording import register_stage
from infra.settings import load_stage_settings
stack = sys.argv[1]
register_stage(stack, load_stage_settings(stack))
"""


def measure_program() -> dict[str, str]:
    """Time a fresh interpreter for each stage, and how much of it goes into imports."""
    previews = {
        f"the program's own time in a preview of {stack}": f"{seconds:.2f} s (aim {_AIM:.0f} s)"
        for stack, seconds in ((stack, _time(_PREVIEW, stack)) for stack in map(stack_of, stages()))
    }
    return {
        **previews,
        "of it, Python's start and imports": f"{_time(_IMPORTS):.2f} s",
        "portfolio validate": f"{_time(_VALIDATE):.2f} s (aim {_VALIDATE_AIM:.0f} s)",
    }


def _time(code: str, *arguments: str) -> float:
    command = [sys.executable, "-c", code, *arguments]
    return median(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True))
