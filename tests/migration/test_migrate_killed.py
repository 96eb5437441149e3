"""`portfolio migrate` of 500 items in one table, killed at random moments."""

import multiprocessing
import random
import time

import pytest

from tests.migration.carried import check_api, check_report
from tests.migration.conftest import Migration

KILLED = 10
KILLED_WHILE_PRUNING = 3
"""Kills of one run; `make reliability` kills fifty migrations."""


@pytest.mark.real
def test_nothing_is_lost_or_counted_twice_by_kills(in_one_table: Migration) -> None:
    migration, content = in_one_table, in_one_table.fill(500)
    started = time.monotonic()
    migration.run("--dry-run")
    reading = time.monotonic() - started

    kills = [run_until_killed(migration, reading) for _ in range(KILLED)]
    # The others came to their end before.
    assert sum(kills) > KILLED / 2

    check_report(migration.report(), content)
    check_api(migration, content)
    before = migration.table()
    again = migration.report()
    check_report(again, content)
    assert {kind["written"] for kind in again["kinds"].values()} == {0}
    assert migration.table() == before
    for _ in range(KILLED_WHILE_PRUNING):
        run_until_killed(migration, reading, "--prune")
    migration.run("--prune")
    check_api(migration, content)
    old = {key for key in migration.table() if key[0].partition("#")[0].isupper()}
    assert len(old) == len(again["skipped"])


def run_until_killed(migration: Migration, reading: float, *arguments: str) -> bool:
    """Start the command, kill it at a random moment, and return True if it was still at work.

    Args:
        migration: the stage and its old table.
        reading: the seconds that the command takes before it writes.
        arguments: further options.
    """
    # A fork has all modules already, so a start takes no time.
    process = multiprocessing.get_context("fork").Process(target=migration.run, args=arguments)
    process.start()
    process.join(reading * random.uniform(0.2, 2))  # noqa: S311 - not a secret
    process.kill()
    process.join()
    assert process.exitcode in {0, -9}
    return process.exitcode != 0
