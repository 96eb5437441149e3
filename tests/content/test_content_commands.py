"""`portfolio content export`, `import` and `copy`, on tables of the emulator."""

import subprocess
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pexpect
import pytest
from botocore.config import Config

from infra.errors import ContentError
from portfolio.content.content_file import open_content_file
from portfolio.content.importing import import_content
from portfolio.local.emulator import ACCESS_KEY
from portfolio.terminal import Terminal
from src.api.kinds import KINDS
from src.models.content import ListQuery, StatusFilter
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from tests.backend.app_settings import REGION
from tests.backend.content_checks import post_input, post_update, read_table
from tests.backend.dynamodb_traffic import before_each
from tests.commands import PORTFOLIO
from tests.content.content_files import (
    ContentStage,
    announced_table,
    file_of,
    made_up_records,
    with_line,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from portfolio.local.emulator import Emulator

RECORDS = made_up_records(7)
FILE = file_of(RECORDS)
ITEMS = 7 * len(KINDS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "backup.jsonl"
    path.write_bytes(FILE)
    return path


def export(stage: ContentStage, folder: Path) -> bytes:
    target = folder / "again.jsonl"
    stage.run("export", str(target))
    return target.read_bytes()


def test_an_import_exports_again_to_the_same_bytes(
    stage: ContentStage, dynamodb: "DynamoDBClient", file: Path
) -> None:
    printed = stage.run("import", str(file)).out
    assert printed.splitlines() == [
        *(f"{api.plural}: 7 new, 0 changed, 0 unchanged" for api in KINDS),
        "visitors: 20 days changed, total changed",
        f"local: {ITEMS} items imported",
    ]
    exported = stage.run("export", str(file))
    assert (exported.out, exported.err) == ("", f"local: {ITEMS} items exported\n")
    assert file.read_bytes() == FILE
    assert file.stat().st_mode & 0o777 == 0o600
    table = Table(dynamodb, stage.table_name)
    for api in KINDS:
        posts = ContentRepository(api.kind, table)
        assert posts.find(ListQuery()).total == 4
        assert posts.find(ListQuery(status=StatusFilter.ALL)).total == 7
    assert ViewRepository(table).total() == 11 * len(KINDS)
    assert VisitorRepository(table).count().total == 4321


def test_a_repeated_import_writes_nothing(
    stage: ContentStage, dynamodb: "DynamoDBClient", file: Path
) -> None:
    stage.run("import", str(file))
    before = read_table(dynamodb, stage.table_name)
    assert "posts: 0 new, 0 changed, 7 unchanged\n" in stage.run("import", str(file)).out
    assert read_table(dynamodb, stage.table_name) == before


def test_an_interrupted_import_is_continued(
    stage: ContentStage, tmp_path: Path, file: Path
) -> None:
    file.write_bytes(file_of([*RECORDS[:3], *RECORDS[9:16], *RECORDS[ITEMS + 4 : ITEMS + 9]]))
    stage.run("import", str(file))
    file.write_bytes(FILE)
    printed = stage.run("import", str(file)).out
    assert "posts: 4 new, 0 changed, 3 unchanged\n" in printed
    assert "visitors: 15 days changed, total changed\n" in printed
    assert export(stage, tmp_path) == FILE


def test_changed_items_and_counters_are_set_back(
    stage: ContentStage, dynamodb: "DynamoDBClient", tmp_path: Path, file: Path
) -> None:
    stage.run("import", str(file))
    table = Table(dynamodb, stage.table_name)
    posts, views, visitors = (
        ContentRepository(POSTS, table),
        ViewRepository(table),
        VisitorRepository(table),
    )
    first, second, third, *_ = posts.ids()
    posts.edit(first, post_update(title="Edited"))
    posts.delete(second)
    views.track(POSTS, third, "a session")
    visitors.track("a session")
    added = posts.create(post_input())
    printed = stage.run("import", str(file)).out.splitlines()
    assert printed[0] == "posts: 1 new, 2 changed, 4 unchanged"
    assert printed[-3:-1] == [
        "visitors: 0 days changed, total changed",
        "not in the file: 1 items, kept",
    ]
    assert posts.ids() == sorted([*posts.ids()[:7], added.id])
    stage.run("import", str(file), "--prune")
    # Visitors of today stay: the file does not have this day.
    assert without_days(export(stage, tmp_path)) == without_days(FILE)


def without_days(file: bytes) -> list[bytes]:
    return [line for line in file.splitlines()[:-1] if b'"day"' not in line]


def test_a_dry_run_and_a_wrong_file_write_nothing(
    stage: ContentStage, dynamodb: "DynamoDBClient", file: Path
) -> None:
    printed = stage.run("import", str(file), "--dry-run").out
    assert "posts: 7 new, 0 changed, 0 unchanged\n" in printed
    assert printed.endswith("local: nothing was written (dry run)\n")
    file.write_bytes(with_line(FILE, 20, **{"item.issuer": ""}))
    failed = stage.run("import", str(file), code=1)
    assert failed.err.endswith("backup.jsonl is wrong:\n  line 20: item.issuer: is required\n")
    assert read_table(dynamodb, stage.table_name) == {}


def test_a_slug_of_another_item_is_refused_unless_it_is_pruned(
    stage: ContentStage, dynamodb: "DynamoDBClient", tmp_path: Path, file: Path
) -> None:
    posts = ContentRepository(POSTS, Table(dynamodb, stage.table_name))
    other = posts.create(post_input(title="item 2"))
    failed = stage.run("import", str(file), code=1)
    assert failed.err.endswith(
        f"backup.jsonl: line 4: item.slug: the post {other.id} of the stage has it. Delete that "
        "item, or pass --prune to delete all items that are not in the file.\n"
    )
    assert posts.ids() == [other.id]
    assert "not in the file: 1 items, deleted\n" in stage.run("import", str(file), "--prune").out
    assert export(stage, tmp_path) == FILE


def test_another_writer_stops_an_import_that_can_be_repeated(
    stage: ContentStage, dynamodb: "DynamoDBClient", file: Path
) -> None:
    client = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION).client(
        "dynamodb", endpoint_url=dynamodb.meta.endpoint_url, config=Config(proxies={})
    )
    others = ContentRepository(POSTS, Table(dynamodb, stage.table_name))
    write = partial(others.create, post_input(title="item 4"))
    before_each(client, "TransactWriteItems", [write])
    table = Table(client, stage.table_name)
    with open_content_file(str(file)) as opened, pytest.raises(ContentError) as raised:
        import_content(opened, table, Terminal(), prune=False, dry_run=False)
    assert str(raised.value) == (
        f"The import of {file} was stopped by another writer: Another post has the slug of "
        "00000000-0000-4000-8000-000000000004. Repeat the command: it continues there."
    )
    assert len(others.ids()) == 5


@pytest.mark.real
def test_standard_input_and_output_are_files_too(stage: ContentStage) -> None:
    options = ("--stack", "local", "--port", str(stage.port))
    subprocess.run(
        [*PORTFOLIO, "content", "import", "-", *options], input=FILE, check=True, timeout=60
    )
    exported = subprocess.run(
        [*PORTFOLIO, "content", "export", "-", *options],
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert exported.stdout == FILE
    assert exported.stderr == b"local: 21 items exported\n"


@pytest.mark.real
def test_a_terminal_shows_the_progress(stage: ContentStage, file: Path) -> None:
    program, *command = [*PORTFOLIO, "content", "import", str(file), "--stack", "local"]
    options = ["--port", str(stage.port)]
    child: pexpect.spawn[str] = pexpect.spawn(
        program, [*command, *options], encoding="utf-8", timeout=60
    )
    with child:
        child.expect_exact("43/43")
        child.expect_exact("local: 21 items imported")


def test_a_file_that_cannot_be_written_is_named(stage: ContentStage, tmp_path: Path) -> None:
    failed = stage.run("export", f"{tmp_path}/missing/backup.jsonl", code=1)
    assert failed.err.endswith(
        f"{tmp_path}/missing/backup.jsonl cannot be written: No such file or directory.\n"
    )


def test_a_failed_export_leaves_the_old_file(emulator: "Emulator", tmp_path: Path) -> None:
    file = tmp_path / "backup.jsonl"
    file.write_text("the last one")
    with announced_table("missing", emulator) as stage:
        failed = stage.run("export", str(file), code=1)
    assert "local: AWS does not find the resource" in failed.err
    assert [each.read_text() for each in tmp_path.iterdir()] == ["the last one"]
