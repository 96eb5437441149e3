"""What building the package and starting the local stage take."""

import tempfile
from pathlib import Path

from portfolio.local.emulator import free_port
from tests.bench.sam_build import measure_beside_sam
from tests.bench.timing import median
from tests.checkout import copy_checkout
from tests.local.up_process import portfolio_up


def measure_package_and_stage() -> dict[str, str]:
    """Time both in a copy of the checkout."""
    with tempfile.TemporaryDirectory(prefix="portfolio-bench-") as folder:
        checkout = copy_checkout(Path(folder) / "checkout")
        return {**measure_beside_sam(checkout, Path(folder)), **_measure_stage(Path(folder))}


def _measure_stage(folder: Path) -> dict[str, str]:
    """Time `portfolio up`, from its start until the API answers."""

    def start() -> None:
        with portfolio_up(folder, port=free_port()) as run:
            run.wait_for("Ctrl-C to stop")

    return {"portfolio up, zip cached": f"{median(start, runs=3):.2f} s"}
