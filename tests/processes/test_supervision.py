"""The parent process of a command: it ends the command in time, and deletes what is left of it."""

import signal
import time
from pathlib import Path

import pytest

from tests.local.up_process import kill_processes_using, processes_using
from tests.processes.test_interruption import end, running, wait_for

LIMIT = 5
SCRIPT = """
import os, signal, subprocess, sys, time
from contextlib import suppress
from pathlib import Path
from infra.processes.interruption import SIGNALS, ending_on_signals
from infra.processes.leftovers import noted, temporary_folder
from infra.processes.supervision import run_supervised
START = time.monotonic()
def wait(seconds=25):
  print("waiting", flush=True)
  time.sleep(seconds)
def swallow():
  while time.monotonic() < START + 25:
    with suppress(KeyboardInterrupt): wait()
def block():
  signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
  wait()
def leave():
  with temporary_folder("portfolio-test-") as folder:
    (folder / "file").touch()
    subprocess.Popen(["sleep", "30"], start_new_session=True, stdout=-3, stderr=-3)
    BODY
def command():
  with ending_on_signals(): leave()
run_supervised(command)
"""


def script(body: str) -> str:
    return SCRIPT.replace("BODY", body)


@pytest.mark.parametrize("stuck", ["swallow()", "block()"])
def test_a_command_that_cannot_end_is_ended_with_its_processes_and_files(
    tmp_path: Path, stuck: str
) -> None:
    with running(script(stuck), "env", f"TMPDIR={tmp_path}") as process:
        wait_for(process, "waiting")
        assert list(tmp_path.iterdir())
        process.send_signal(signal.SIGTERM)
        code, printed = end(process, within=LIMIT)
        assert (code, printed[-1]) == (143, "Interrupted by SIGTERM.")
    assert not list(tmp_path.iterdir())
    assert not processes_using(tmp_path)


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with running(script("swallow()"), "env", f"TMPDIR={tmp_path}") as process:
        wait_for(process, "waiting")
        process.send_signal(signal.SIGINT)
        time.sleep(1.2)  # a signal within a second is an echo
        process.send_signal(signal.SIGINT)
        code, printed = end(process, within=1)
        assert (code, printed[-1]) == (130, "Interrupted by SIGINT.")
    assert not list(tmp_path.iterdir())


def test_a_killed_command_leaves_nothing_and_is_named(tmp_path: Path) -> None:
    killed = "wait(0); os.kill(os.getpid(), signal.SIGKILL)"
    with running(script(killed), "env", f"TMPDIR={tmp_path}") as process:
        wait_for(process, "waiting")
        code, (error,) = end(process)
        assert code == 137
        assert error.startswith("error: The command was ended by SIGKILL. If memory or processes")
    assert not list(tmp_path.iterdir())
    assert not processes_using(tmp_path)


def test_a_killed_parent_takes_the_command_with_it(tmp_path: Path) -> None:
    with running(script("wait()"), "env", f"TMPDIR={tmp_path}") as process:
        wait_for(process, "waiting")
        process.kill()
        # The command has the other end of the pipe.
        process.communicate(timeout=LIMIT)
    assert not list(tmp_path.iterdir())
    kill_processes_using(tmp_path)


@pytest.mark.parametrize("stuck", ["swallow()", "block()"])
def test_a_command_that_cannot_end_does_not_outlive_a_killed_parent(
    tmp_path: Path, stuck: str
) -> None:
    with running(script(stuck), "env", f"TMPDIR={tmp_path}") as process:
        wait_for(process, "waiting")
        process.kill()
        process.communicate(timeout=LIMIT)
    kill_processes_using(tmp_path)


def test_a_command_that_ends_by_itself_keeps_its_programs_and_files(tmp_path: Path) -> None:
    body = f"""
    with noted(Path({str(tmp_path)!r}, "unfinished")):
      Path({str(tmp_path)!r}, "unfinished").touch()
      Path({str(tmp_path)!r}, "unfinished").rename({str(tmp_path / "result")!r})
    Path({str(tmp_path)!r}, "unfinished").touch()
    wait(0)
    os._exit(3)"""
    with running(script(body.strip()), "env", f"TMPDIR={tmp_path}") as process:
        wait_for(process, "waiting")
        assert process.wait(LIMIT) == 3
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["result", "unfinished"]
    assert kill_processes_using(tmp_path) == 1


def test_the_parent_ends_with_the_command_because_python_drops_signals_at_its_end() -> None:
    program = """
import atexit, os
from infra.processes.supervision import run_supervised
atexit.register(print, "Python is ending")
run_supervised(lambda: os._exit(3))
"""
    with running(program) as process:
        assert end(process) == (3, [])


DURING_AN_IMPORT = """
import os, runpy, signal, sys
class Finder:
  def find_spec(self, name, *_):
    if name == MODULE: os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
runpy.run_module("portfolio", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("module", "printed"),
    [("infra.processes.supervision", []), ("portfolio.cli", ["Interrupted by SIGINT."])],
)
def test_a_signal_during_an_import_prints_no_traceback(module: str, printed: list[str]) -> None:
    with running(DURING_AN_IMPORT.replace("MODULE", repr(module))) as process:
        assert end(process) == (130, printed)
