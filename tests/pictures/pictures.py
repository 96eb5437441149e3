"""The pictures of the documentation."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from infra.paths import ROOT
from portfolio.local.emulator import free_port
from portfolio.local.start import build_local_package
from tests.commands import PORTFOLIO
from tests.pictures.recorded_stage import recorded_stage
from tests.pictures.terminal import draw, record, stable

FOLDER: Final = ROOT / "docs" / "pictures"

_PASSWORD: Final = "Xk7tQw2mZr9pLs4v-Aa1"
_DURATION: Final = "16.1 s"
"""The time of a start in docs/benchmarks.md; the machine that draws may be busier."""

_STATUS_LINK: Final = "localhost:8001/5pEe6jCkI2o/enter/hQnH0XkA.JM2xw8tYbD7cLr1v"

_INSPECTED: Final = 40
_COMPARED: Final = 40
"""The first lines of long outputs are enough for a picture."""


def draw_up() -> str:
    """Draw the start of a local stage, with a zip that is ready."""
    build_local_package(lambda _: None)
    port, status = free_port(), free_port()
    ports = "--port", str(port), "--status-port", str(status)
    lines = record([*PORTFOLIO, "up", *ports], until="Press Ctrl-C to stop.")
    text = "\n".join(line.plain for line in lines)
    password, duration = re.search(r"password (\S+)", text), re.search(r"after (.+ s)\n", text)
    link = re.search(rf"localhost:{status}/\S+", text)
    assert password
    assert duration
    assert link
    changes = {
        f" --port {port}": "",
        f"localhost:{port}": "localhost:8000",
        link[0]: _STATUS_LINK,
        password[1]: _PASSWORD,
        duration[1]: _DURATION,
    }
    return draw("make up", stable(lines, changes))


def draw_inspect() -> str:
    """Draw the contents of the local stage's zip."""
    package = build_local_package(lambda _: None)
    lines = record([*PORTFOLIO, "inspect", "--depth", "1", str(package.path)])
    return draw("bin/portfolio inspect --depth 1", stable(lines, {}), most=_INSPECTED)


def draw_stages() -> str:
    """Draw the differences between the stages."""
    lines = record([*PORTFOLIO, "stages"])
    return draw("bin/portfolio stages", stable(lines, {}), most=_COMPARED)


def draw_logs() -> str:
    """Draw the logs of two requests."""
    return _draw_recorded("logs", "--since", "1h")


def draw_traces() -> str:
    """Draw the traces of the same requests."""
    return _draw_recorded("traces", "--since", "1d")


def _draw_recorded(name: str, *options: str) -> str:
    with TemporaryDirectory() as folder, recorded_stage(Path(folder)) as env:
        lines = record([*PORTFOLIO, name, "--stack", "dev", *options], env=env)
    return draw(f"bin/portfolio {name} --stack dev {' '.join(options)}", lines)


TERMINALS: Final[Mapping[str, Callable[[], str]]] = {
    "up.svg": draw_up,
    "inspect.svg": draw_inspect,
    "stages.svg": draw_stages,
    "logs.svg": draw_logs,
    "traces.svg": draw_traces,
}
"""The pictures of commands, by the name of their file."""

STATUS_PAGE: Final = "status.png"
"""The name of the file of the status page's picture."""
