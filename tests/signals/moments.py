"""Signals at moments spread over the run time of a command."""

from pathlib import Path

from tests.reliability.figures import Row
from tests.signals.commands import Case
from tests.signals.trials import measure_seconds, run_trial


def try_moments(case: Case, moments: int, folder: Path, seconds: float = 0) -> Row:
    """Send a signal at so many moments of a command, each in another manner.

    Args:
        case: the command; after each signal it checks its data.
        moments: their number, spread over the run time.
        folder: for temporary files.
        seconds: the run time, if it need not be measured.
    """
    row, longest = Row(case.name), 0.0
    seconds = seconds or _measure(case, folder)
    for number in range(moments):
        moment = seconds * (number + 0.5) / moments
        with row.case(f"{moment:.2f} of {seconds:.2f} s"), case.open() as command:
            manner = command.manners[number % len(command.manners)]
            end = run_trial(command, manner, moment, folder)
            longest = max(longest, end.seconds)
            end.check()
    # The row has counted the preparations too.
    row.longest = longest
    return row


def _measure(case: Case, folder: Path) -> float:
    with case.open() as command:
        return measure_seconds(command, folder)
