"""`make bench`: what the package and the local stage cost on this machine.

Times are medians of whole processes, noisy on a shared machine: compare them within one run.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.local.emulator import free_port
from tests.checkout import copy_checkout
from tests.local.running import portfolio_up

RUNS = 5


def main() -> None:
    """Measure, and print one table."""
    table = Table("what", "measured", title="portfolio-api on this machine", title_justify="left")
    with tempfile.TemporaryDirectory(prefix="portfolio-bench-") as folder:
        checkout = copy_checkout(Path(folder) / "checkout")
        for name, value in {**measure_package(checkout), **measure_stage(Path(folder))}.items():
            table.add_row(name, value)
    Console().print(table)


def measure_package(checkout: Path) -> dict[str, str]:
    """Time `portfolio package` from nothing, unchanged, and after a change; weigh the zip."""
    command = [sys.executable, "-m", "infra.cli", "package"]
    source = checkout / "backend/src/api/health.py"

    def package() -> str:
        run = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
        return run.stdout.splitlines()[-1]

    def change() -> None:
        source.write_text(source.read_text() + f"\n# {time.time_ns()}\n")

    def forget() -> None:
        shutil.rmtree(checkout / ".cache" / "package", ignore_errors=True)

    cold = median(package, before=forget, runs=2)
    unchanged = median(package)
    changed = median(package, before=change)
    zipped = Path(package().split("  sha256:")[0])
    with zipfile.ZipFile(zipped) as archive:
        unzipped = sum(member.file_size for member in archive.infolist())
    return {
        "package, nothing cached but downloads": f"{cold:.2f} s",
        "package, nothing changed": f"{unchanged:.2f} s",
        "package, code changed": f"{changed:.2f} s",
        "zip": f"{zipped.stat().st_size / 1e6:.1f} MB, unzipped {unzipped / 1e6:.1f} MB",
    }


def measure_stage(folder: Path) -> dict[str, str]:
    """Time `portfolio up`, from its start until the API answers."""

    def start() -> None:
        with portfolio_up(folder, port=free_port()) as run:
            run.wait_for("Ctrl-C stops")

    return {"portfolio up, zip cached": f"{median(start, runs=3):.2f} s"}


def median(
    work: Callable[[], object], *, before: Callable[[], object] = lambda: None, runs: int = RUNS
) -> float:
    """The median time of some work, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        before()
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
