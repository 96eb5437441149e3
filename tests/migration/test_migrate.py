"""`portfolio migrate`: everything is carried over and accounted for."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.errors import MigrationError
from portfolio.migration.carry import Outcome, Record
from portfolio.migration.layout import OldItem, OldKind
from portfolio.migration.migrate import Options, carry_over
from portfolio.migration.prune import prune
from portfolio.migration.sources import OldTable, Pace
from portfolio.terminal import Terminal
from src.repositories.table import Table
from src.repositories.visitors import VisitorRepository
from tests.backend.content_checks import read_table
from tests.commands import run_command
from tests.migration.carried import check_api, check_report
from tests.migration.conftest import Migration
from tests.migration.old_items import put_items

SMALL = 30
"""Number of items besides those with quirks."""


def test_everything_is_carried_over_and_a_second_run_changes_nothing(migration: Migration) -> None:
    content = migration.fill(SMALL)

    check_report(migration.report(), content)

    check_api(migration, content)
    visitors = VisitorRepository(
        Table(migration.dynamodb, migration.new), lambda: datetime(2024, 2, 1, tzinfo=UTC)
    )
    counted = {f"{day}": visits for day, visits in visitors.daily(32) if visits}
    assert counted == content.days
    before = migration.table()
    again = migration.report()
    check_report(again, content)
    assert {kind["written"] for kind in again["kinds"].values()} == {0}
    assert migration.table() == before


def test_the_tables_are_printed_with_a_reason_for_each_item(migration: Migration) -> None:
    put_items(migration.dynamodb, migration.old, example_items())

    result = migration.run()

    lines = [line.split() for line in result.out.splitlines()]
    assert ["│", "posts", "│", "2", "│", "2", "│", "0", "│", "0", "│", "0", "│", "1", "│"] in lines
    assert (
        "repaired posts 22222222-2222-4222-8222-222222222222: "
        'slug: "a-made-up-post" is taken, so it is a-made-up-post-22222222 now' in result.out
    )
    assert (
        "skipped certifications 55555555-5555-4555-8555-555555555555: "
        'dateEarned: "invalid-date" is not a date' in result.out
    )
    assert "left sessions of visits: expires within two days" in result.out
    (verified,) = (line for line in lines if line[1:2] == ["posts"] and len(line) > 16)
    assert verified[-2] == verified[-4]
    # Standard error is not a terminal.
    assert result.err == ""


def test_a_dry_run_writes_nothing(migration: Migration) -> None:
    put_items(migration.dynamodb, migration.old, example_items())

    report = migration.report("--dry-run")

    assert migration.table() == {}
    assert (report["dryRun"], report["verification"]) == (True, {})
    assert report["kinds"]["posts"]["written"] == 2


def test_one_table_is_converted_and_pruned(in_one_table: Migration) -> None:
    items = example_items()
    put_items(in_one_table.dynamodb, in_one_table.old, items)
    in_one_table.report()
    both, served = in_one_table.table(), in_one_table.lists()
    again = in_one_table.report()
    assert in_one_table.table() == both
    assert again["newLayout"] == len(both) - len(items)

    result = in_one_table.run("--prune")

    assert f"{len(items) - 1} old items were removed, 1 stay." in result.out
    rest = in_one_table.table()
    assert [key for key in rest if key[0].partition("#")[0].isupper()] == [
        ("CERT#55555555-5555-4555-8555-555555555555", "METADATA")
    ]
    last = in_one_table.report("--prune")
    assert {kind: each["read"] for kind, each in last["kinds"].items()} == {"certifications": 1}
    assert (in_one_table.table(), in_one_table.lists()) == (rest, served)


def test_a_prune_that_was_cut_off_continues(in_one_table: Migration) -> None:
    items = example_items()
    put_items(in_one_table.dynamodb, in_one_table.old, items)
    in_one_table.run()
    served = in_one_table.lists()
    for item in items[::2]:
        in_one_table.dynamodb.delete_item(
            TableName=in_one_table.old, Key={"PK": item["PK"], "SK": item["SK"]}
        )
    in_one_table.run("--prune")
    assert in_one_table.lists() == served


def test_an_old_item_that_changes_in_the_meantime_is_not_pruned(migration: Migration) -> None:
    items, client = example_items(), migration.dynamodb
    put_items(client, migration.old, items)
    read = map(OldItem.of, example_items())
    records = [Record(old, Outcome.WRITTEN) for old in read if old.kind is OldKind.POST]
    items[0]["Data"]["M"]["title"] = {"S": "Changed by the old function"}
    put_items(client, migration.old, items[:1])

    removed, kept = prune(OldTable(client, migration.old), records)

    assert (removed, kept) == (1, len(items) - 1)
    posts = [key for key, _ in read_table(client, migration.old).items() if key[1] == "METADATA"]
    assert ("BLOG#11111111-1111-4111-8111-111111111111", "METADATA") in posts


def test_an_unverified_run_fails_and_prunes_nothing(migration: Migration) -> None:
    put_items(migration.dynamodb, migration.old, example_items())
    client = migration.dynamodb

    def lose_an_item(params: dict[str, Any], **_context: Any) -> None:
        """Delete a project, as nobody should, before the last write."""
        puts = [each.get("Put", {}).get("Item", {}) for each in params["TransactItems"]]
        if any(item.get("PK") == {"S": "visitors"} for item in puts):
            key = {"PK": {"S": "project#33333333-3333-4333-8333-333333333333"}, "SK": {"S": "item"}}
            client.delete_item(TableName=migration.new, Key=key)

    event = "before-parameter-build.dynamodb.TransactWriteItems"
    client.meta.events.register(event, lose_an_item)
    old, new = OldTable(client, migration.old), Table(client, migration.new)
    with pytest.raises(MigrationError, match="2 differences are unaccounted for, and nothing was"):
        carry_over(old, new, Options(stack="dev", prune=True), Terminal())
    client.meta.events.unregister(event, lose_an_item)
    found = client.scan(TableName=migration.old, Select="COUNT")["Count"]
    assert found == len(example_items())


def test_a_later_change_in_the_stage_stays(migration: Migration) -> None:
    put_items(migration.dynamodb, migration.old, example_items())
    migration.run()
    path = "/blogs/11111111-1111-4111-8111-111111111111"
    edited = migration.api.put(path, json={"title": "New"}, headers=migration.owner).json()
    new = migration.api.post(
        "/blogs", json={"title": "A made-up post", "content": "x"}, headers=migration.owner
    ).json()

    report = migration.report()

    assert migration.get(path) == edited
    assert [each["id"] for each in report["kept"]] == [edited["id"]]
    assert report["kinds"]["posts"]["written"] == 0
    assert migration.get(f"/blogs/{new['id']}", as_owner=True) == new


def test_what_was_deleted_in_the_stage_stays_deleted(in_one_table: Migration) -> None:
    put_items(in_one_table.dynamodb, in_one_table.old, example_items())
    in_one_table.run()
    project = "33333333-3333-4333-8333-333333333333"
    path = f"/projects/{project}"
    assert in_one_table.api.delete(path, headers=in_one_table.owner).is_success

    for _ in range(2):
        report = in_one_table.report()
        assert [each["id"] for each in report["kept"]] == [project, f"project#{project}"]
        assert in_one_table.get("/projects")["items"] == []
    in_one_table.run("--prune")
    assert in_one_table.api.get(path).status_code == 404
    assert not [key for key in in_one_table.table() if key[0] in {f"PROJECT#{project}", "migrated"}]


def test_a_slug_of_a_new_post_stays_with_it(migration: Migration) -> None:
    new = migration.api.post(
        "/blogs", json={"title": "A made-up post", "content": "x"}, headers=migration.owner
    ).json()
    put_items(migration.dynamodb, migration.old, example_items())

    for _ in range(2):
        migration.run()
        old = migration.get("/blogs/11111111-1111-4111-8111-111111111111")
        assert (new["slug"], old["slug"]) == ("a-made-up-post", "a-made-up-post-11111111")
        assert migration.get("/blogs/slug/a-made-up-post", as_owner=True) == new


def test_a_slug_taken_in_the_meantime_stays_with_its_post(migration: Migration) -> None:
    put_items(migration.dynamodb, migration.old, example_items())
    client, new = migration.dynamodb, {"title": "A made-up post", "content": "x"}
    made: list[Any] = []

    def write_a_post(**_context: Any) -> None:
        """Write a post with the slug, as an owner in a browser."""
        if not made:
            answer = migration.api.post("/blogs", json=new, headers=migration.owner)
            made.append(answer.json())

    event = "before-parameter-build.dynamodb.TransactWriteItems"
    client.meta.events.register(event, write_a_post)
    old, table = OldTable(client, migration.old), Table(client, migration.new)
    carry_over(old, table, Options(stack="dev"), Terminal())
    client.meta.events.unregister(event, write_a_post)

    assert migration.get("/blogs/slug/a-made-up-post", as_owner=True) == made[0]
    moved = migration.get("/blogs/11111111-1111-4111-8111-111111111111")
    assert moved["slug"] == "a-made-up-post-11111111-1111-4111-8111-111111111111"


def test_slugs_that_change_owners_follow(migration: Migration) -> None:
    items = example_items()
    put_items(migration.dynamodb, migration.old, items)
    migration.run()
    first, second = (item["Data"]["M"] for item in items[:2])
    first["slug"], second["slug"] = {"S": "another"}, {"S": "a-made-up-post"}
    put_items(migration.dynamodb, migration.old, items[:2])

    migration.run()

    slugs = {item["slug"] for item in migration.get("/blogs?status=all", as_owner=True)["items"]}
    assert slugs == {"another", "a-made-up-post"}


def test_more_visits_than_the_old_total_are_kept(migration: Migration) -> None:
    put_items(migration.dynamodb, migration.old, example_items())
    visitors = VisitorRepository(Table(migration.dynamodb, migration.new))
    visitors.restore_total(2000)
    visitors.restore(date(2026, 1, 2), 18)
    before = visitors.count()

    report = migration.report()

    assert before.total == visitors.count().total == 2000
    assert report["verification"]["visits by day"] == [
        {"id": "2026-01-02", "old": "17", "new": "18", "newer": True}
    ]


@pytest.mark.parametrize("is_folder", [True, False])
def test_an_export_to_s3_is_read(migration: Migration, *, is_folder: bool) -> None:
    items = example_items()
    path = write_export(migration.folder, items)
    source = path
    if not is_folder:
        source = migration.folder / "export.jsonl"
        source.write_text("\n".join(json.dumps({"Item": item}) for item in items))
    put_items(migration.dynamodb, migration.old, items)
    expected = migration.report("--dry-run")["kinds"]

    file = migration.folder / "report.json"
    arguments = (*migration.options[2:], "--report", str(file))
    result = run_command("migrate", "--from-file", str(source), *arguments)

    assert result.code == 0, result.printed
    assert json.loads(file.read_text("utf-8"))["kinds"] == expected
    assert len(migration.lists()) == 4


def cut(folder: Path) -> None:
    """Lose a file of the export."""
    next(folder.glob("data/*")).unlink()


def damage(folder: Path) -> None:
    """Cut a compressed file in the middle."""
    file = next(folder.glob("data/*"))
    file.write_bytes(file.read_bytes()[:200])


def replace_lines(folder: Path) -> None:
    """Use the format of an incremental export."""
    file = next(folder.glob("data/*"))
    file.write_bytes(gzip.compress(b'{"Keys": {}, "NewImage": {}}\n'))


def use_unknown_types(folder: Path) -> None:
    """Use another JSON than DynamoDB's."""
    line = b'{"Item": {"PK": {"S": "BLOG#1"}, "SK": {"S": "METADATA"}, "Data": {"title": "x"}}}'
    next(folder.glob("data/*")).write_bytes(gzip.compress(line))


def empty(folder: Path) -> None:
    """Lose all files with data."""
    for file in folder.glob("data/*"):
        file.unlink()


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (cut, "manifest-summary.json says"),
        (damage, "Use an export in DynamoDB JSON"),
        (replace_lines, "line 1: no item with PK and SK"),
        (use_unknown_types, "line 1: "),
        (empty, "has no file data/*.json.gz"),
    ],
)
def test_a_broken_export_is_refused(
    migration: Migration, harm: Callable[[Path], None], message: str
) -> None:
    path = write_export(migration.folder, example_items())
    harm(path)

    result = run_command("migrate", "--from-file", str(path), *migration.options[2:])

    assert (result.code, migration.table()) == (1, {})
    assert message in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--from-file", "/"], 2, "Pass either --from TABLE or --from-file PATH."),
        (["--prune", "--dry-run"], 2, "Use --prune with --from only, and without --dry-run."),
        (["--from", "missing"], 1, "The table missing does not exist in us-east-1: check --from"),
        (["--from-region", "eu-west-3"], 1, "does not exist in eu-west-3"),
        (["--from-profile", "nobody"], 1, "local: The AWS credentials are not accepted:"),
        (["--report", "/missing/report.json"], 1, "/missing/report.json cannot be written"),
    ],
)
def test_a_wrong_call_is_refused(
    migration: Migration, arguments: list[str], code: int, message: str
) -> None:
    result = migration.run(*arguments, code=code)
    assert message in result.err
    assert "Traceback" not in result.err


def test_a_table_without_old_items_is_noticed(migration: Migration) -> None:
    assert "has no items of the old layout" in migration.run().err


def test_a_scan_leaves_the_old_api_its_share() -> None:
    now, pauses = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        now[0] += seconds

    pace = Pace(100, lambda: now[0], sleep)
    for _ in range(10):
        pace.spend(50)
    assert sum(pauses) == pytest.approx(5, abs=0.2)
    now[0] += 60
    pace.spend(5)
    assert sum(pauses) == pytest.approx(5, abs=0.2)


def example_items() -> list[dict[str, Any]]:
    """Return the made-up items of the description of the old table."""
    file = Path(__file__).with_name("old_items.jsonl")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def write_export(folder: Path, items: list[dict[str, Any]]) -> Path:
    """Write an export as DynamoDB does: two compressed files, and a summary."""
    path = folder / "01234567890123-abcdef01"
    (path / "data").mkdir(parents=True)
    summary = {"version": "2020-06-30", "itemCount": len(items)}
    (path / "manifest-summary.json").write_text(json.dumps(summary))
    for name, half in (("a", items[::2]), ("b", items[1::2])):
        lines = "".join(f"{json.dumps({'Item': item})}\n" for item in half)
        (path / "data" / f"{name}.json.gz").write_bytes(gzip.compress(lines.encode()))
    return path
