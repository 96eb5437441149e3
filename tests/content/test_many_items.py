"""5,000 items and three years of visits are imported in less than a minute."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import psutil
import pytest

from portfolio.content.records import DayRecord, ItemRecord, Record, TotalRecord
from tests.content.content_files import NOW, ContentStage, file_of, made_up_records

ITEMS: Final = 5_000
DAYS: Final = 3 * 365
SECONDS: Final = 60
LONG_TEXTS: Final = {"content": 1_000 * "word ", "long_description": 1_000 * "word "}


@pytest.mark.real
def test_they_are_imported_and_exported_to_the_same_bytes(
    stage: ContentStage, tmp_path: Path
) -> None:
    file, again = tmp_path / "many.jsonl", tmp_path / "again.jsonl"
    file.write_bytes(file_of(many_records()))
    before = processor_seconds()
    stage.run("import", str(file))
    # The import waits for each answer. So on idle cores it takes as long as both processes work.
    assert processor_seconds() - before < SECONDS
    exported = stage.run("export", str(again))
    assert exported.err == f"local: {ITEMS} items exported\n"
    assert again.read_bytes() == file.read_bytes()


def many_records() -> list[Record]:
    made_up = made_up_records(-(-ITEMS // 3))
    items = [_with_long_texts(record) for record in made_up if isinstance(record, ItemRecord)]
    first = NOW.date() - timedelta(days=DAYS)
    days = [DayRecord(first + timedelta(days=day), 1 + day % 50) for day in range(DAYS)]
    return [*items[:ITEMS], *days, TotalRecord(54_321, NOW.replace(microsecond=0))]


def _with_long_texts(record: ItemRecord) -> ItemRecord:
    fields = type(record.item).model_fields
    texts = {name: text for name, text in LONG_TEXTS.items() if name in fields}
    return ItemRecord(record.api, record.item.model_copy(update=texts), record.views)


def processor_seconds() -> float:
    """Return the processor time of this process and of its children, such as the emulator."""
    own = psutil.Process()
    times = [process.cpu_times() for process in [own, *own.children(recursive=True)]]
    return sum(each.user + each.system for each in times)
