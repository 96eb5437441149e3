"""A signal ends a command once, after its clean-up, however busy the command is."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.paths import ROOT
from infra.processes.background import in_background
from infra.processes.interruption import check_interrupted, is_interrupted
from tests.processes.living import still_runs

PRINTING = """
import io, os, signal, sys
from infra.processes.interruption import ending_on_signals
from portfolio.terminal import Terminal
class Output(io.TextIOWrapper):
    def write(self, text):
        super().write(text)
        if text == "line\\n": os.kill(os.getpid(), signal.SIGTERM)
        return len(text)
sys.stdout = Output(sys.stdout.buffer, write_through=True)
terminal = Terminal()
with ending_on_signals():
    try:
        terminal.say("line")
        terminal.say("next")
    finally: terminal.say("clean")
"""
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
CLEANING = """
import sys, time
from infra.processes.interruption import check_interrupted, deferred_signals, ending_on_signals
def wait():
    print("waiting", flush=True)
    time.sleep(30)
def clean_up(seconds=0.5):
    print("cleaning", flush=True)
    time.sleep(seconds)
    print("clean", flush=True)
"""


@contextmanager
def running(script: str, *words: str) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*words, sys.executable, "-c", script],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout
    for printed in process.stdout:
        if printed == f"{line}\n":
            return
    pytest.fail(f"ended without {line!r}")


def end(process: subprocess.Popen[str], *, within: float = 3) -> tuple[int, list[str]]:
    """The exit code, and the lines printed since."""
    started = time.monotonic()
    printed, _ = process.communicate(timeout=20)
    assert time.monotonic() - started < within, printed
    return process.returncode, printed.splitlines()


@pytest.mark.parametrize("number", SIGNALS)
def test_it_ends_a_block_after_its_clean_up_and_its_echo_disturbs_nothing(
    number: signal.Signals,
) -> None:
    script = f"{CLEANING}\nwith ending_on_signals():\n  try: wait()\n  finally: clean_up()"
    with running(script) as process:
        wait_for(process, "waiting")
        process.send_signal(number)
        wait_for(process, "cleaning")
        process.send_signal(number)
        assert end(process) == (128 + number, ["clean", f"Interrupted by {number.name}."])


def test_signals_that_a_runner_ignores_or_blocks_reach_the_tests() -> None:
    words = [f"--{how}-signal=HUP,INT,TERM" for how in ("ignore", "block")]
    test = f"{__file__}::test_it_ends_a_block_after_its_clean_up_and_its_echo_disturbs_nothing"
    pytest_itself = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    ended = subprocess.run(
        ["env", *words, *pytest_itself], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout


def test_a_block_that_takes_the_interrupt_for_its_end_adds_no_line() -> None:
    script = f"""{CLEANING}
with ending_on_signals():
  try: wait()
  except KeyboardInterrupt: sys.exit(0)"""
    with running(script) as process:
        wait_for(process, "waiting")
        process.send_signal(signal.SIGINT)
        assert end(process) == (130, [])


def test_an_error_that_the_signal_brings_about_is_not_told() -> None:
    script = f"""{CLEANING}
with ending_on_signals():
  try: wait()
  except KeyboardInterrupt: raise ImportError from None"""
    with running(script) as process:
        wait_for(process, "waiting")
        process.send_signal(signal.SIGINT)
        assert end(process) == (130, ["Interrupted by SIGINT."])


def test_an_error_without_a_signal_is_raised() -> None:
    with running(f"{CLEANING}\nwith ending_on_signals(): raise ZeroDivisionError") as process:
        code, lines = end(process)
    assert (code, lines[-1]) == (1, "ZeroDivisionError")


def test_deferred_it_is_raised_where_that_is_safe() -> None:
    script = f"""{CLEANING}
with ending_on_signals(), deferred_signals():
  print("waiting", flush=True)
  clean_up(1)
  check_interrupted()
  print("never", flush=True)"""
    with running(script) as process:
        wait_for(process, "cleaning")
        process.send_signal(signal.SIGINT)
        assert end(process) == (130, ["clean", "Interrupted by SIGINT."])


def test_a_second_one_ends_a_clean_up_that_hangs() -> None:
    script = f"""{CLEANING}
with ending_on_signals(), deferred_signals():
  try: clean_up(30)
  finally: print("next", flush=True)"""
    with running(script) as process:
        wait_for(process, "cleaning")
        process.send_signal(signal.SIGINT)
        # Longer than an echo takes, on a busy machine as well.
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        assert end(process) == (130, ["next", "Interrupted by SIGINT."])


def test_nohup_keeps_its_word() -> None:
    script = f"{CLEANING}\nwith ending_on_signals(): clean_up(); sys.exit(3)"
    with running(script, "nohup") as process:
        wait_for(process, "cleaning")
        process.send_signal(signal.SIGHUP)
        assert end(process) == (3, ["clean"])


def test_a_program_whose_resources_hang_is_left_at_once() -> None:
    """Pulumi takes any exception of a program for its end, and waits for all resources."""
    script = f"""{CLEANING}
import pulumi
from pulumi.runtime import Mocks
from portfolio.engine.in_process import Engine, run_in_process
class Slow(Mocks):
  def new_resource(self, args): wait()
  def call(self, args): raise NotImplementedError
def program(): pulumi.CustomResource("a:b:C", "name")
with ending_on_signals():
  run_in_process(program, Engine(Slow()), stage="stage", config={{}})"""
    with running(script) as process:
        wait_for(process, "waiting")
        process.send_signal(signal.SIGINT)
        assert end(process) == (130, ["Interrupted by SIGINT."])


def test_work_that_is_left_loses_its_processes_and_may_clean_up() -> None:
    script = f"""{CLEANING}
import subprocess
from infra.processes.background import in_background, wait_for
def work():
  try: subprocess.run(["sh", "-c", "echo $$; echo waiting; exec sleep 30"], check=True)
  finally: clean_up()
with ending_on_signals(), deferred_signals(), in_background(work, 2) as future:
  wait_for(future)"""
    with running(script) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        wait_for(process, "waiting")
        process.send_signal(signal.SIGTERM)
        assert end(process) == (143, ["cleaning", "clean", "Interrupted by SIGTERM."])
    assert not still_runs(child)


def test_work_that_is_left_ends_no_process_that_was_there_before() -> None:
    before = subprocess.Popen(["sleep", "30"])
    started: list[subprocess.Popen[bytes]] = []

    def work() -> None:
        started.append(subprocess.Popen(["sleep", "30"]))
        started[0].wait()

    def fail() -> None:
        while not started:
            time.sleep(0.01)
        raise ZeroDivisionError

    try:
        with pytest.raises(ZeroDivisionError), in_background(work, 5):
            fail()
        assert started[0].poll() == -signal.SIGTERM
        assert before.poll() is None
    finally:
        before.kill()
        before.wait()


@contextmanager
def blocking(pipe: Path) -> Generator[None]:
    """Keep the reader of a named pipe waiting, from the moment that there is one."""
    deadline = time.monotonic() + 20
    while True:
        try:
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    try:
        yield
    finally:
        os.close(descriptor)


def test_compilers_are_ended_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "source.py")
    script = f"""{CLEANING}
from pathlib import Path
from infra.package.bytecode import compile_sources
with ending_on_signals():
  compile_sources(Path({str(tmp_path)!r}), ["source.py"])"""
    with running(script) as process, blocking(tmp_path / "source.py"):
        process.send_signal(signal.SIGINT)
        assert end(process) == (130, ["Interrupted by SIGINT."])


def test_nothing_is_interrupted_in_a_process_without_a_signal() -> None:
    check_interrupted()
    assert not is_interrupted()


def test_validate_ends_with_its_processes() -> None:
    script = "import sys; sys.argv[1:] = ['validate']; from portfolio.__main__ import main; main()"
    with running(script) as process:
        assert process.stdout
        assert re.match("✓ settings of ", process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        code, lines = end(process)
    assert (code, lines[-1]) == (143, "Interrupted by SIGTERM.")
    assert not any("Traceback" in line for line in lines)


PULUMI_PROGRAM = """
import time
from infra.processes.interruption import ending_on_engines_signal
with ending_on_engines_signal():
    try:
        print("in the block", flush=True)
        time.sleep(SECONDS)
    finally:
        print("cleaned up", flush=True)
try:
    print("after the block", flush=True)
    time.sleep(30)
finally:
    print("waited for the rest")
"""


@pytest.mark.parametrize(
    ("seconds", "line", "rest"), [(30, "in the block", ["cleaned up"]), (0, "after the block", [])]
)
def test_a_pulumi_program_ends_on_the_engines_signal_without_a_word(
    seconds: int, line: str, rest: list[str]
) -> None:
    with running(PULUMI_PROGRAM.replace("SECONDS", str(seconds))) as process:
        wait_for(process, line)
        process.send_signal(signal.SIGINT)
        # After 0, the engine would delete all resources that are not registered yet.
        assert end(process) == (130, rest)


def test_a_signal_during_the_write_of_a_line_prints_it_once() -> None:
    with running(PRINTING) as process:
        assert end(process) == (143, ["line", "clean", "Interrupted by SIGTERM."])
