"""A content file is checked completely; each mistake is named with its line and field."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.errors import ContentError
from portfolio.content.content_file import open_content_file
from portfolio.content.records import ItemRecord, encode
from tests.content.content_files import file_of, made_up_records, with_line

RECORDS = made_up_records(2)
FILE = file_of(RECORDS)
POST, PROJECT, CERTIFICATION, DAY, TOTAL = 2, 4, 6, 8, 28
END = len(FILE.splitlines())
TIME = "must be a time in UTC such as 2026-01-31T09:30:00Z"


def refusal_of(content: bytes, folder: Path) -> str:
    """Return the message about a file."""
    file = folder / "backup.jsonl"
    file.write_bytes(content)
    with pytest.raises(ContentError) as raised, open_content_file(str(file)):
        pass
    return str(raised.value).replace(f"{folder}/", "")


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "backup.jsonl"
    file.write_bytes(FILE)
    with open_content_file(str(file)) as opened:
        assert (opened.items, opened.lines) == (6, len(RECORDS) + 1)
        for _ in range(2):
            assert [record for _, record in opened.records()][:-1] == RECORDS


@pytest.mark.parametrize(
    ("line", "changes", "reason"),
    [
        (POST, {"item.title": ""}, "item.title: is required"),
        (POST, {"item.title": 201 * "x"}, "item.title: must have at most 200 characters"),
        (POST, {"item.title": ...}, "item.title: is required"),
        (POST, {"item.tags": ["a", 7]}, "item.tags.1: must be text"),
        (POST, {"item.category": None}, "item.category: must be text"),
        (POST, {"item.titel": "x"}, "item.titel: is unknown"),
        (POST, {"item.id": "1"}, "item.id: must be a UUID of version 4, in lower case"),
        (
            POST,
            {"item.slug": "É"},
            "item.slug: must have 1 to 200 of the characters a-z, 0-9 and -",
        ),
        (POST, {"item.status": "LIVE"}, "item.status: must be 'DRAFT' or 'PUBLISHED'"),
        (POST, {"item.createdAt": 1700000000}, f"item.createdAt: {TIME}"),
        (POST, {"item.createdAt": "2026-01-31T09:30:00+01:00"}, f"item.createdAt: {TIME}"),
        (POST, {"item.publishedAt": "2026-02-30T09:30:00Z"}, "item.publishedAt: "),
        (POST, {"item": []}, "item: must be an object"),
        (POST, {"kind": "book"}, "kind: must be one of post, project, certification"),
        (POST, {"views": -1}, "views: must be at least 0"),
        (POST, {"views": "7"}, "views: must be a whole number"),
        (POST, {"likes": 7}, "likes: is unknown"),
        (PROJECT, {"item.featured": "yes"}, "item.featured: must be true or false"),
        (PROJECT, {"item.liveUrl": "ftp://x"}, "item.liveUrl: must be an http or https URL"),
        (CERTIFICATION, {"item.dateEarned": "31.1.2026"}, "item.dateEarned: must be a date"),
        (DAY, {"date": "2026-02-30"}, "date: must be a date such as 2026-01-31"),
        (DAY, {"visitors": 0}, "visitors: must be at least 1"),
        (TOTAL, {"last": "yesterday"}, f"last: {TIME}"),
        (TOTAL, {"record": "sum"}, "record: must be item, day, total or end"),
        (END, {"lines": 7}, f"lines: must be {END - 1}: lines are missing or added"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_field(
    line: int, changes: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    message = refusal_of(with_line(FILE, line, **changes), tmp_path)
    assert message.startswith(f"backup.jsonl is wrong:\n  line {line}: {reason}")


@pytest.mark.parametrize(
    ("line", "other", "changes", "name"),
    [
        (POST, POST + 1, {"item.slug": "item-0"}, "item.slug"),
        (POST, POST + 1, {"item.id": "00000000-0000-4000-8000-000000000000"}, "item.id"),
        (DAY, DAY + 1, {"date": "2025-12-22"}, "date"),
        (TOTAL, DAY, {"record": "total", "last": None, "date": ...}, "record"),
    ],
)
def test_what_must_be_unique_is_compared_with_the_other_lines(
    line: int, other: int, changes: dict[str, Any], name: str, tmp_path: Path
) -> None:
    first, second = sorted((line, other))
    message = refusal_of(with_line(FILE, other, **changes), tmp_path)
    expected = f"backup.jsonl is wrong:\n  line {second}: {name}: is the same as in line {first}"
    assert message == expected


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    lines = FILE.splitlines(keepends=True)
    cut = f"backup.jsonl is wrong:\n  line {END}: record: must be end: the file is cut off"
    assert refusal_of(b"".join(lines[:-1]), tmp_path) == cut
    assert "line 3: line: is not JSON" in refusal_of(b"".join(lines[:2]) + lines[2][:40], tmp_path)
    assert f"line {END + 1}: line: follows the end" in refusal_of(FILE + lines[1], tmp_path)
    assert f"line {END - 1}: lines: must be {END - 2}" in refusal_of(
        b"".join([*lines[:1], *lines[2:]]), tmp_path
    )


@pytest.mark.parametrize("content", [b"", b"[]\n", b'{"items": []}\n', b"\xff\n", b"7"])
def test_another_file_is_refused(content: bytes, tmp_path: Path) -> None:
    message = refusal_of(content, tmp_path)
    assert message.startswith("backup.jsonl is not an export: its first line must be like")


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    assert refusal_of(with_line(FILE, 1, version=2), tmp_path) == (
        "backup.jsonl has version 2, but this checkout reads versions up to 1: update the checkout."
    )


def test_many_mistakes_are_counted(tmp_path: Path) -> None:
    lines = FILE.splitlines(keepends=True)
    message = refusal_of(b"".join([lines[0], *(12 * [b"{}\n"])]), tmp_path)
    assert message.splitlines()[1] == "  line 2: record: must be item, day, total or end"
    assert message.splitlines()[6:] == ["  and 7 more"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(ContentError, match="missing cannot be read: No such file"),
        open_content_file(f"{tmp_path}/missing"),
    ):
        pass


def test_texts_are_tidied_as_in_the_api(tmp_path: Path) -> None:
    file = tmp_path / "backup.jsonl"
    file.write_bytes(with_line(FILE, POST, **{"item.title": " Cafe\u0301 "}))
    with open_content_file(str(file)) as opened:
        _, record = next(opened.records())
    assert isinstance(record, ItemRecord)
    assert record.item.model_dump()["title"] == "Café"


def test_lines_have_sorted_keys_and_readable_text() -> None:
    line = encode({"b": "Café\u2028", "a": RECORDS[0].as_json["item"]["createdAt"]})
    assert line == '{"a":"2026-01-31T09:30:00.123456Z","b":"Café\u2028"}\n'.encode()
    assert json.loads(line)["b"] == "Café\u2028"
