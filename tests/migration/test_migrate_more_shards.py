"""A migration to a stage that has counted visitors in more than 64 shards."""

from datetime import UTC, datetime, timedelta

import pytest

from src.repositories.table import Table
from src.repositories.visitors import VisitorRepository
from tests.backend.content_checks import SteppingClock
from tests.migration.carried import check_api, check_report
from tests.migration.conftest import Migration


@pytest.mark.real
def test_the_counts_are_those_of_the_old_table(migration: Migration) -> None:
    content = migration.fill(6)
    clock = SteppingClock(datetime(2026, 1, 1, tzinfo=UTC), timedelta())
    visitors = VisitorRepository(Table(migration.dynamodb, migration.new), clock, 512)
    for number in range(12):
        visitors.track(f"session-{number}")
    check_report(migration.report(), content)
    check_api(migration, content)
