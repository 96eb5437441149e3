"""Signals: each one ends a command in time, and the command leaves nothing."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from portfolio.local.emulator import run_emulator
from tests.local.up_process import portfolio_up
from tests.reliability.figures import Row
from tests.signals.commands import Checkout, find_stage_cases
from tests.signals.data import find_data_cases
from tests.signals.moments import try_moments
from tests.signals.previews import open_previews
from tests.signals.stacks import open_stacks

_MOMENTS: Final = 20
"""Moments for each command, spread over its run time."""


def measure() -> Iterator[Row]:
    """Send signals to every command of more than a second."""
    with TemporaryDirectory() as folder, portfolio_up(Path(folder)) as stage:
        stage.wait_for("Ctrl-C to stop")
        cases = [*Checkout(Path(folder)).cases(), *find_stage_cases(stage.url, Path(folder))]
        for case in cases:
            yield try_moments(case, _MOMENTS, Path(folder))
        with (
            run_emulator() as emulator,
            open_previews(Path(folder), emulator) as previews,
            open_stacks(Path(folder), emulator) as stacks,
        ):
            for case in (*find_data_cases(emulator, Path(folder)), *previews, *stacks):
                yield try_moments(case, _MOMENTS, Path(folder))
