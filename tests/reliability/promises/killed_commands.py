"""Commands killed at random moments: nothing is half done, and the next run is right."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from infra.processes.environment import inherited_environment
from portfolio.local.emulator import Emulator, run_emulator
from tests.backend.content_checks import read_table
from tests.checkout import copy_checkout
from tests.commands import PORTFOLIO
from tests.content.content_files import announced_stage, file_of, made_up_records
from tests.local.up_process import portfolio_up, processes_using
from tests.migration.carried import check_api, check_report
from tests.migration.conftest import open_account, open_migration
from tests.reliability.agreement import assert_content_agrees
from tests.reliability.figures import Row

KILLS: Final = 50
SEED: Final = 20
"""The seed of the moments; they are parts of the time that the command takes."""

_GONE: Final = 30
"""Seconds until the processes of a killed command have ended."""

_ALL_STEPS: Final = 10
"""Killed builds until one that installs the dependencies too."""

_STARTS: Final = 5
"""Killed starts until one that is followed by a complete one."""


def measure() -> Iterator[Row]:
    """Kill each command at 50 random moments."""
    with run_emulator() as emulator:
        yield kill_imports(emulator, KILLS)
        yield kill_migrations(emulator, KILLS)
    yield kill_builds(KILLS)
    yield kill_starts(KILLS)


@dataclass(frozen=True)
class Command:
    """A command line to kill, with its process group."""

    words: Sequence[str]
    variables: Mapping[str, str]
    folder: Path

    def run(self) -> str:
        """Run it to its end; return what it printed."""
        process = self._start()
        printed, _ = process.communicate()
        assert process.returncode == 0, printed
        return printed

    def kill_after(self, seconds: float) -> None:
        """Start it, and kill it and its process group with SIGKILL."""
        process = self._start()
        try:
            printed, _ = process.communicate(timeout=seconds)
            assert process.returncode == 0, printed
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.words,
            env=inherited_environment() | dict(self.variables),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


def kill_imports(emulator: Emulator, kills: int) -> Row:
    """Kill content imports; the next import must give the table of an uninterrupted one."""
    account = open_account(emulator)
    row, dynamodb = Row("content imports"), account.dynamodb
    with TemporaryDirectory(prefix="reliability-") as folder:
        file = Path(folder, "backup.jsonl")
        file.write_bytes(file_of(made_up_records(30)))

        def make_command(port: int) -> Command:
            options = ("--stack", "local", "--port", str(port))
            words = [*PORTFOLIO, "content", "import", str(file), *options]
            return Command(words, {}, Path.cwd())

        with announced_stage(dynamodb, emulator) as stage:
            whole = _time(make_command(stage.port).run)
            expected = read_table(dynamodb, stage.table_name)
        for description, part in _choose_moments(kills):
            with row.case(description), announced_stage(dynamodb, emulator) as stage:
                command = make_command(stage.port)
                command.kill_after(whole * part)
                assert_content_agrees(read_table(dynamodb, stage.table_name))
                command.run()
                assert read_table(dynamodb, stage.table_name) == expected
    return row


def kill_migrations(emulator: Emulator, kills: int) -> Row:
    """Kill migrations; the next one must carry every item, with its views and visits, once."""
    account, row = open_account(emulator), Row("migrations")
    with TemporaryDirectory(prefix="reliability-") as name:
        folder = Path(name)
        with open_migration(account, folder, one_table=False) as migration:
            migration.fill(60)
            whole = _time(Command([*PORTFOLIO, "migrate", *migration.options], {}, Path.cwd()).run)
        for description, part in _choose_moments(kills):
            with (
                row.case(description),
                open_migration(account, folder, one_table=False) as migration,
            ):
                content = migration.fill(60)
                words = [*PORTFOLIO, "migrate", *migration.options]
                Command(words, {}, Path.cwd()).kill_after(whole * part)
                assert_content_agrees(migration.table())
                check_report(migration.report(), content)
                check_api(migration, content)
    return row


def kill_builds(kills: int) -> Row:
    """Kill builds of the zip; the next one must give the same bytes, and leave no half entry."""
    row = Row("builds of the zip")
    with TemporaryDirectory(prefix="reliability-") as folder:
        checkout = copy_checkout(Path(folder, "checkout"))
        caches = checkout / ".cache/package"
        variables = {"PYTHONPATH": f"{checkout}:{checkout / 'backend'}"}
        command = Command([sys.executable, "-m", "portfolio", "package"], variables, checkout)
        complete = _time(command.run)
        expected = _read_zip(caches)
        shutil.rmtree(caches / "zips")
        whole = _time(command.run)
        for number, (description, part) in enumerate(_choose_moments(kills)):
            is_complete = number % _ALL_STEPS == 0
            with row.case(description):
                shutil.rmtree(caches if is_complete else caches / "zips", ignore_errors=True)
                command.kill_after((complete if is_complete else whole) * part)
                command.run()
                assert _read_zip(caches) == expected
                assert not list(caches.rglob("unfinished-*"))
    return row


def kill_starts(kills: int) -> Row:
    """Kill starts of `portfolio up`; no process may stay, and the next one deletes their files."""
    row = Row("starts of make up")
    with TemporaryDirectory(prefix="reliability-") as name:
        folder = Path(name)
        whole = _time(lambda: _start_up(folder))
        for number, (description, part) in enumerate(_choose_moments(kills), start=1):
            with row.case(description):
                with portfolio_up(folder) as up:
                    time.sleep(whole * part)
                    up.kill()
                _wait_until_gone(folder)
                if number % _STARTS == 0 or number == kills:
                    _start_up(folder)
                    assert not list(folder.glob("portfolio-*"))
    return row


def _start_up(folder: Path) -> None:
    with portfolio_up(folder) as up:
        up.wait_for("Ctrl-C to stop")
        assert httpx.get(f"{up.url}/blogs", timeout=35, trust_env=False).json()["total"] > 0
        assert len(list(folder.glob("portfolio-emulator-*"))) == 1
        assert up.stop() == 130


def _wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + _GONE
    while left := processes_using(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


def _read_zip(caches: Path) -> bytes:
    (file,) = caches.glob("zips/*/*.zip")
    return file.read_bytes()


def _choose_moments(kills: int) -> list[tuple[str, float]]:
    """Return descriptions of moments, and each as a part of the command's time."""
    chance = random.Random(SEED)  # noqa: S311 - not a secret
    parts = [chance.uniform(0, 1.1) for _ in range(kills)]
    return [(f"seed {SEED}, killed after {part:.3f} of its time", part) for part in parts]


def _time(run: Callable[[], object]) -> float:
    started = time.monotonic()
    run()
    return time.monotonic() - started
