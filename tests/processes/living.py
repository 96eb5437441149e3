"""Which processes still run: the system ends a killed one only a moment later."""

import os
import time
from collections.abc import Callable

import psutil

_A_MOMENT = 2
"""Seconds."""


def running_in_group(group: int) -> list[psutil.Process]:
    """Return the processes of a group that still run after two seconds."""
    return _still_running(lambda process: os.getpgid(process.pid) == group)


def still_runs(pid: int) -> bool:
    """Return True if a process still runs after two seconds."""
    return bool(_still_running(lambda process: process.pid == pid))


def _still_running(is_meant: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    """Return the running ones of some processes: not those that only wait to be awaited."""
    left = [process for process in psutil.process_iter() if _fits(process, is_meant)]
    deadline = time.monotonic() + _A_MOMENT
    while (left := [each for each in left if _fits(each, _runs)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _runs(process: psutil.Process) -> bool:
    return process.status() != psutil.STATUS_ZOMBIE


def _fits(process: psutil.Process, is_meant: Callable[[psutil.Process], bool]) -> bool:
    try:
        return is_meant(process)
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False
