"""Any machine: each command works in each place, or says what is wrong."""

import secrets
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from infra.package.cache.storage import find_last_zip
from infra.paths import CACHE
from portfolio.local.emulator import free_port
from tests.content.content_files import file_of, made_up_records
from tests.local.up_process import portfolio_up
from tests.portfolio.refusing_aws import Refusal, serve_refusing_aws, variables
from tests.reliability.figures import Row
from tests.reliability.places import ORDINARY, End, Ground, Place, find_places
from tests.signals.commands import Checkout

_STARTING: Final = ("timeout", "--preserve-status", "--signal=INT", "--kill-after=30", "20")
"""The beginning of a command that serves until Ctrl-C."""

type Chooses = Callable[[str], bool]
"""Returns True for the name of a command or place to try."""


def measure() -> Iterator[Row]:
    """Try each command in each place."""
    yield from try_places(lambda _: True, lambda _: True)


def try_places(is_place: Chooses, is_command: Chooses) -> Iterator[Row]:
    """Try some commands in some places; yield a row for each kind of place.

    Args:
        is_place: chooses places by name.
        is_command: chooses commands by their words.
    """
    places = [place for place in find_places() if is_place(place.name)]
    with _open_ground() as (ground, commands):
        chosen = [words for words in commands if is_command(" ".join(words[1:]))]
        ordinary = [_run(ground, ORDINARY, words).code for words in chosen]
        for kind in dict.fromkeys(place.kind for place in places):
            row = Row(kind)
            for place in (each for each in places if each.kind == kind):
                for words, code in zip(chosen, ordinary, strict=True):
                    with row.case(f"{place.name}, {' '.join(words[1:])}"):
                        _run(ground, place, words).check(code)
            yield row


def _run(ground: Ground, place: Place, words: Sequence[str]) -> End:
    shutil.rmtree(ground.work / "out")
    (ground.work / "out").mkdir()
    return ground.run(place, words)


@contextmanager
def _open_ground() -> Generator[tuple[Ground, list[Sequence[str]]]]:
    """Copy this checkout, and start a local stage of the copy and an AWS that refuses."""
    with TemporaryDirectory(prefix="reliability-") as name, serve_refusing_aws() as aws:
        folder = Path(name)
        # Another user reads the files.
        folder.chmod(0o755)
        checkout, work = Checkout(folder).root, folder / "work"
        for each in ("tmp", "out", "in"):
            (work / each).mkdir(parents=True)
        for each in ("package", "running"):
            (checkout / CACHE.name / each).mkdir(exist_ok=True)
        (work / "in/content.jsonl").write_bytes(file_of(made_up_records(3)))
        aws.trusted, aws.refusal = {"sts"}, Refusal("AccessDenied", "no")
        own = variables(work / "in", aws.endpoint, aws.endpoint)
        with portfolio_up(work / "in", root=checkout) as stage:
            stage.wait_for("Ctrl-C to stop")
            known = {name: value for name, value in own.items() if value is not None}
            commands = _find_commands(str(checkout / "bin/portfolio"), work, stage.url)
            shutil.copyfile(find_last_zip(checkout), work / "in/function.zip")
            yield Ground(checkout, work, known), [*commands]


def _find_commands(program: str, work: Path, url: str) -> Iterator[Sequence[str]]:
    """Yield a command line for each command; it has the same exit code each time."""
    # No file of the checkout may have the name of a new project.
    port, name = url.rpartition(":")[2], f"new-{secrets.token_hex(4)}"
    for line in (
        *(
            "--version",
            "--help",
            "validate",
            "stages",
            "package",
            f"inspect {work}/in/function.zip",
            "doctor",
        ),
        *(f"diagram --output {work}/out/drawn.svg", "event GET /blogs"),
        f"new {work}/out/{name} --domain {name}.org --no-commit",
    ):
        yield program, *line.split()
    for line in (
        *("logs", "invoke GET /blogs", "outputs", "open api --print", "owner list", "seed"),
        *("owner remove nobody@example.com --yes", "owner password nobody@example.com --generate"),
        f"content export {work}/out/exported.jsonl",
        f"content import {work}/in/content.jsonl",
        *("migrate --from missing --dry-run", f"migrate --from-file {work}/in/missing"),
    ):
        yield program, *line.split(), "--stack", "local", "--port", port
    for line in (
        *("logs", "traces", "outputs", "open dashboard --print", "owner list", "rollback"),
        *("repair", "adopt", "secret list", "secret set MAIL_API_KEY"),
    ):
        yield program, *line.split(), "--stack", "dev"
    for line in ("list", "up 7", "down 7", "sweep --open none"):
        yield program, "preview", *line.split()
    yield program, "probe", url
    yield *_STARTING, program, "up", "--port", str(free_port())
