"""Our package beside that of `sam build`: the same lock, the same sources, one run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.package.lock import export_requirements
from infra.package.uv import run_uv
from tests.bench.first_answer import measure_first_answers
from tests.bench.timing import median
from tests.checkout import copy_checkout

_SAM: Final = "aws-sam-cli==1.170.0"
_AIMS: Final = {
    "first build": 0.5,
    "nothing changed": 0.1,
    "code changed": 0.25,
    "zip": 0.5,
    "import to first answer": 0.4,
    "instructions to first answer": 0.4,
}
"""Our share of what SAM takes."""

_UNITS: Final = {"zip": (1e6, "MB"), "instructions to first answer": (1e9, "G")}
"""Where it is not seconds."""

_TEMPLATE: Final = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Api": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "CodeUri": "backend/",
                "Handler": "src.main.handler",
                "Runtime": "python3.12",
            },
        }
    },
}


@dataclass(frozen=True)
class _Builder:
    """One way to make the zip, in a project of its own."""

    project: Path
    command: list[str]
    results: Path
    """Where it keeps what it built."""

    zip_of: Callable[[], Path]

    def build(self) -> None:
        python = Path(sys.base_prefix) / "bin"
        environment = os.environ | {
            # SAM looks for the function's Python there.
            "PATH": f"{python}:{os.environ['PATH']}",
            "SAM_CLI_TELEMETRY": "0",
        }
        subprocess.run(
            self.command, cwd=self.project, env=environment, check=True, capture_output=True
        )

    def measure(self) -> dict[str, float]:
        """Return seconds, and bytes of the zip, by the names of `_AIMS`."""
        source = self.project / "backend/src/api/health.py"

        def change() -> None:
            source.write_text(source.read_text() + f"\n# {time.time_ns()}\n")

        def forget() -> None:
            shutil.rmtree(self.results, ignore_errors=True)

        # The first fills the download caches.
        self.build()
        times = {
            "first build": median(self.build, before=forget, runs=3),
            "nothing changed": median(self.build),
            "code changed": median(self.build, before=change, runs=3),
        }
        return {**times, "zip": self.zip_of().stat().st_size}


def measure_beside_sam() -> dict[str, str]:
    """Build a copy of the checkout with both; return our figures, SAM's and the ratios."""
    with tempfile.TemporaryDirectory(prefix="portfolio-bench-") as folder:
        return _compare(copy_checkout(Path(folder) / "checkout"), Path(folder))


def _compare(checkout: Path, folder: Path) -> dict[str, str]:
    builders = _builders(checkout, folder)
    figures = {name: builder.measure() for name, builder in builders.items()}
    zips = {name: builder.zip_of() for name, builder in builders.items()}
    answers = measure_first_answers(zips, folder / "unpacked")
    ours, sams = (figures[name] | answers[name] for name in builders)
    return {
        f"{name}: ours, SAM's": f"{_figure(name, ours[name])}, {_figure(name, sams[name])}: "
        f"ratio {ours[name] / sams[name]:.2f} (aim {aim})"
        for name, aim in _AIMS.items()
        if name in ours
    }


def build_zips(checkout: Path, folder: Path) -> dict[str, Path]:
    """Build with both, and return the zips."""
    builders = _builders(checkout, folder)
    for builder in builders.values():
        builder.build()
    return {name: builder.zip_of() for name, builder in builders.items()}


def _builders(checkout: Path, folder: Path) -> dict[str, _Builder]:
    return {"ours": _our_builder(checkout), "SAM's": _sam_builder(checkout, folder / "sam")}


def _our_builder(checkout: Path) -> _Builder:
    results = checkout / ".cache" / "package"

    def last_zip() -> Path:
        return max(results.glob("zips/*/*.zip"), key=lambda path: path.stat().st_mtime)

    # Production's zip has no documentation pages, and neither has SAM's.
    options = ["--stage", "prod", "--engine", "host"]
    command = [sys.executable, "-m", "portfolio", "package", *options]
    return _Builder(checkout, command, results, last_zip)


def _sam_builder(checkout: Path, project: Path) -> _Builder:
    """Set up what a SAM project of the same function has, and SAM in an environment of its own."""
    shutil.copytree(checkout / "backend/src", project / "backend/src")
    (project / "backend/requirements.txt").write_text(export_requirements(checkout))
    (project / "template.yaml").write_text(json.dumps(_TEMPLATE))
    environment = project / "environment"
    for arguments in (("venv", environment), ("pip", "install", "--python", environment, _SAM)):
        run_uv(*arguments).check_returncode()
    results = project / ".aws-sam"

    def zip_build() -> Path:
        # As `sam deploy` does with the folder.
        return Path(shutil.make_archive(str(project / "sam"), "zip", results / "build/Api"))

    command = [str(environment / "bin" / "sam"), "build", "--cached"]
    return _Builder(project, command, results, zip_build)


def _figure(name: str, value: float) -> str:
    scale, unit = _UNITS.get(name, (1, "s"))
    return f"{value / scale:.2f} {unit}"
