"""A share of a processor for a process, by a Linux control group."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PERIOD: Final = 20_000
"""Microseconds between two shares; a call shorter than its share runs at full speed.

AWS does not publish Lambda's period.
"""

_GROUPS: Final = Path("/sys/fs/cgroup")


@contextmanager
def open_cpu_quota(share: float) -> Generator[Callable[[int], None] | None]:
    """Yield a function that gives a process this share of one processor from now on.

    Yields None if this machine does not let the user make such a group.
    """
    group = _make_group(int(share * _PERIOD))
    if group is None:
        yield None
        return
    try:
        yield lambda process: _write(group / "cgroup.procs", process)
    finally:
        group.rmdir()


def _make_group(quota: int) -> Path | None:
    name = f"portfolio-bench-{os.getpid()}"
    first_version, second_version = _GROUPS / "cpu" / name, _GROUPS / name
    try:
        if first_version.parent.is_dir():
            first_version.mkdir()
            _write(first_version / "cpu.cfs_period_us", _PERIOD)
            _write(first_version / "cpu.cfs_quota_us", quota)
            return first_version
        second_version.mkdir()
        _write(second_version / "cpu.max", f"{quota} {_PERIOD}")
    except OSError:
        for group in (first_version, second_version):
            if group.is_dir():
                group.rmdir()
        return None
    return second_version


def _write(file: Path, value: object) -> None:
    file.write_text(str(value))
