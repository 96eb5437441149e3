"""A sample of the promise `machines`."""

import os
import sys

import pytest

from tests.reliability.promises.machines import try_places

PLACES = {
    *("checkout and cache of another user", "64k of free space", "64m of free space"),
    *("ulimit -f 8", "ulimit -n 16", ">/dev/full 2>&1", "PYTHONWARNINGS=error", "LC_ALL=C"),
    *("HOME=/dev/null/nowhere", r"\351", "deleted"),
}
COMMANDS = ("package", "event GET /blogs")


pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can mount"
    ),
]


def test_a_command_works_or_says_what_is_wrong() -> None:
    rows = list(try_places(PLACES.__contains__, COMMANDS.__contains__))
    assert sum(row.tried for row in rows) == len(PLACES) * len(COMMANDS)
    assert [lost for row in rows for lost in row.lost] == []


def test_a_local_stage_starts_in_a_deleted_folder() -> None:
    (row,) = try_places("deleted".__eq__, lambda words: " up --port " in words)
    assert (row.tried, row.lost) == (1, [])
