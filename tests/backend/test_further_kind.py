"""A further kind of content is three small files and a line, and every test still passes."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from src.api.kinds import KINDS
from tests.backend.further_kind import (
    add_kind,
    copy_with_specimens,
    run_python,
    shorten_output,
)

PYTEST = ("-m", "pytest", "-v", "-p", "no:cacheprovider", "-m", "not real")
FOLDERS: Final = ("backend", "bench", "content", "contract", "infra", "samples")
READS_KINDS: Final = re.compile(
    r"\b(KINDS|OPENAPI|kind: Kind|content_kinds|tests\.bench\.operations)\b"
)
"""Text of each file with tests that a further kind can break."""

CHOSEN: Final = "not stage and (specimen or not (app- or -emulator))"
"""Leaves out the parameters that are other kinds, or no kinds: they pass without a further kind."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_with_specimens(tmp_path_factory.mktemp("specimens") / "checkout")


@pytest.fixture
def schema(checkout: Path) -> dict[str, Any]:
    return read_schema(checkout)


def read_schema(checkout: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((checkout / "backend" / "openapi.json").read_text())
    return found


def files_of_kinds(checkout: Path) -> Iterator[str]:
    """Yield the files whose tests read the kinds or the schema."""
    for folder in FOLDERS:
        for file in sorted((checkout / "tests" / folder).glob("test_*.py")):
            if READS_KINDS.search(file.read_text()) and file.name != Path(__file__).name:
                yield str(file.relative_to(checkout))


def passed_tests(printed: str, name: str) -> set[str]:
    """Return the passed tests with this name in their parameters."""
    assert "nothing was skipped" in printed
    return set(re.findall(rf"::(\w+)\[\S*\b{name}\b\S*\] PASSED", printed))


def test_the_schema_describes_it(schema: dict[str, Any]) -> None:
    assert {"name": "specimens", "description": "Specimens."} in schema["tags"]
    operations = [
        (path, method, operation["tags"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if "specimens" in path
    ]
    item = "/specimens/{id}"
    assert operations == [
        ("/specimens", "get", ["specimens"]),
        ("/specimens", "post", ["specimens"]),
        (item, "get", ["specimens"]),
        (item, "put", ["specimens"]),
        (item, "delete", ["specimens"]),
        (f"{item}/publish", "post", ["specimens"]),
        (f"{item}/unpublish", "post", ["specimens"]),
    ]
    schemas = schema["components"]["schemas"]
    assert schemas["ContentType"]["enum"] == [
        *(kind.content_type for kind in KINDS),
        "specimen",
    ]
    assert list(schemas["TopContent"]["properties"])[-1] == "specimens"


def test_a_checkout_may_have_more_kinds_already(checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout / "backend", tmp_path / "backend")
    add_kind(tmp_path, "exhibit")
    schemas = read_schema(tmp_path)["components"]["schemas"]
    assert schemas["ContentType"]["enum"][-2:] == ["specimen", "exhibit"]
    assert list(schemas["TopContent"]["properties"])[-2:] == ["specimens", "exhibits"]


def test_a_failure_shows_the_summary_alone() -> None:
    failed = "FAILED tests/a.py::test_b - assert 1 == 2\n=== 1 failed in 3.21s"
    printed = f"def test_b():\n> assert 1 == 2\n=== short test summary info ===\n{failed} ===\n"
    assert shorten_output(printed) == f"{failed} "


@pytest.mark.real
def test_every_test_of_kinds_passes_with_it(checkout: Path) -> None:
    printed = run_python(checkout, *PYTEST, *files_of_kinds(checkout), f"-k={CHOSEN}")
    passed = passed_tests(printed, "specimen")
    assert passed >= {
        "test_create_answers_201_with_a_draft_of_the_fields_sent",
        "test_publishing_shows_the_item_to_everyone",
        "test_deleting_answers_204_without_a_body_and_then_there_is_nothing",
        "test_a_session_counts_once_per_content",
        "test_the_views_of_a_type_are_by_content_id",
        "test_the_top_list_is_most_viewed_first",
        "test_values_at_their_bounds_are_taken",
        "test_any_sequence_of_operations",
    }
    assert len(passed) > 40
    for name in (
        "test_every_operation_of_the_schema_is_in_the_lists",
        "test_every_kind_has_samples_that_are_written_once",
        "test_every_operation_of_the_api_is_measured",
        "test_a_sample_finds_nothing",
    ):
        assert re.search(rf"::{name}(\[app\])? PASSED", printed)
