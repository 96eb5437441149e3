"""An import that is killed at any moment is completed by the next one."""

import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from src.repositories.table import Table
from src.repositories.visitors import VisitorRepository
from tests.backend.content_checks import read_table
from tests.commands import PORTFOLIO
from tests.content.content_files import ContentStage, file_of, made_up_records

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

FILE = file_of(made_up_records(60))
PAUSES = (0.0, 0.1)
"""Seconds between the first write of an import and its end."""


@pytest.mark.real
def test_it_is_completed_and_counts_nothing_twice(
    stage: ContentStage, other_stage: ContentStage, dynamodb: "DynamoDBClient", tmp_path: Path
) -> None:
    file = tmp_path / "backup.jsonl"
    file.write_bytes(FILE)
    command = [*PORTFOLIO, "content", "import", str(file), "--stack", "local"]
    for pause in PAUSES:
        stored = count(dynamodb, stage)
        with subprocess.Popen([*command, "--port", str(stage.port)]) as process:
            while count(dynamodb, stage) == stored:
                assert process.poll() is None
                time.sleep(0.02)
            time.sleep(pause)
            process.kill()
        assert process.returncode == -signal.SIGKILL
    stage.run("import", str(file))
    stage.run("export", str(tmp_path / "again.jsonl"))
    assert (tmp_path / "again.jsonl").read_bytes() == FILE
    other_stage.run("import", str(file))
    assert read_table(dynamodb, stage.table_name) == read_table(dynamodb, other_stage.table_name)
    assert VisitorRepository(Table(dynamodb, stage.table_name)).count().total == 4321


def count(dynamodb: "DynamoDBClient", stage: ContentStage) -> int:
    """Return the number of items in a stage's table."""
    return dynamodb.scan(TableName=stage.table_name, Select="COUNT", ConsistentRead=True)["Count"]
