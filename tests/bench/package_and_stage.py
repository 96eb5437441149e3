"""What building the package and starting the local stage take."""

import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from infra.local.emulator import free_port
from tests.bench.timing import median
from tests.checkout import copy_checkout
from tests.local.running import portfolio_up


def measure_package_and_stage() -> dict[str, str]:
    """Time both in a copy of the checkout."""
    with tempfile.TemporaryDirectory(prefix="portfolio-bench-") as folder:
        checkout = copy_checkout(Path(folder) / "checkout")
        return {**_measure_package(checkout), **_measure_stage(Path(folder))}


def _measure_package(checkout: Path) -> dict[str, str]:
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


def _measure_stage(folder: Path) -> dict[str, str]:
    """Time `portfolio up`, from its start until the API answers."""

    def start() -> None:
        with portfolio_up(folder, port=free_port()) as run:
            run.wait_for("Ctrl-C stops")

    return {"portfolio up, zip cached": f"{median(start, runs=3):.2f} s"}
