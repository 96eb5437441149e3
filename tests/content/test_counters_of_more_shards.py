"""Counts of more than 64 shards: an export and an import keep them, in each stage.

The setting `counterShards` spreads a count over further partition keys. They stay after the setting
is the default again.
"""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from src.api.kinds import KINDS
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from tests.backend.content_checks import SteppingClock, read_table
from tests.content.content_files import NOW, file_of, made_up_records
from tests.reliability.agreement import assert_content_agrees

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from tests.content.content_files import ContentStage

FILE = file_of(made_up_records(2))
SESSIONS = 8
PUBLISHED = str(UUID(int=1, version=4))
"""The id of the published item of each kind."""


def count_visitors(
    client: "DynamoDBClient", stage: "ContentStage", *, shards: int, sessions: int
) -> None:
    """Let sessions visit the site and view an item of each kind."""
    table, clock = Table(client, stage.table_name), SteppingClock(NOW, timedelta())
    visitors = VisitorRepository(table, clock, shards)
    views = ViewRepository(table, clock, shards)
    for number in range(sessions):
        session = f"session-{shards}-{number}"
        visitors.track(session)
        for api in KINDS:
            views.track(api.kind, PUBLISHED, session)


@pytest.mark.real
@pytest.mark.parametrize("shards", [128, 512])
def test_a_round_trip_keeps_the_counts_of_each_stage(
    dynamodb: "DynamoDBClient",
    stage: "ContentStage",
    other_stage: "ContentStage",
    tmp_path: Path,
    shards: int,
) -> None:
    before, exported, again = (tmp_path / name for name in ("before", "exported", "again"))
    before.write_bytes(FILE)
    stage.run("import", str(before))
    count_visitors(dynamodb, stage, shards=shards, sessions=SESSIONS)
    stage.run("export", str(exported))
    assert exported.read_bytes() != FILE
    assert f'"visitors":{4321 + SESSIONS}}}'.encode() in exported.read_bytes()

    # An empty stage, the same again, and one that has counted more visitors in further keys.
    other_stage.run("import", str(exported))
    for more in (0, SESSIONS * 2):
        count_visitors(dynamodb, other_stage, shards=512, sessions=more)
        other_stage.run("import", str(exported))
        again.unlink(missing_ok=True)
        other_stage.run("export", str(again))
        assert again.read_bytes() == exported.read_bytes()
        assert_content_agrees(read_table(dynamodb, other_stage.table_name))

    # The next view adds up all shards: they agree with the imported counts.
    views = ViewRepository(Table(dynamodb, other_stage.table_name), shards=512)
    for api in KINDS:
        imported = views.count(api.kind, PUBLISHED)
        views.track(api.kind, PUBLISHED, "a late session")
        assert views.count(api.kind, PUBLISHED) == imported + 1
