"""Times of whole processes: noisy on a shared machine, so compare them within one run."""

import statistics
import time
from collections.abc import Callable

_RUNS = 5


def median(
    work: Callable[[], object], *, before: Callable[[], object] = lambda: None, runs: int = _RUNS
) -> float:
    """The median time of some work, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        before()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)
