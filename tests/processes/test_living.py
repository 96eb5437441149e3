"""What the tests take for a running process."""

import os
import signal
import subprocess
import time

from tests.processes.living import running_in_group, still_runs


def test_a_killed_process_that_nobody_awaits_does_not_run() -> None:
    careless = subprocess.Popen(
        ["sh", "-c", "sleep 30 & echo $!; exec sleep 30"],
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert careless.stdout
    child = int(careless.stdout.readline())
    assert sorted(each.pid for each in running_in_group(careless.pid)) == [careless.pid, child]
    os.kill(child, signal.SIGKILL)
    assert not still_runs(child)
    careless.kill()
    careless.communicate()
    assert running_in_group(careless.pid) == []


def test_a_process_may_take_a_moment_to_end() -> None:
    process = subprocess.Popen(["sleep", "0.5"])
    started = time.monotonic()
    assert not still_runs(process.pid)
    assert 0.3 < time.monotonic() - started < 2
    process.wait()
