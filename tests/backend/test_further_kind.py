"""A further kind of content is three small files and a line, and every test still passes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from src.api.kinds import KINDS
from tests.backend.further_kind import (
    add_kind,
    copy_with_specimens,
    run_python,
    shorten_output,
)

PYTEST = ("-m", "pytest", "-v", "-p", "no:cacheprovider")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_with_specimens(tmp_path_factory.mktemp("specimens") / "checkout")


@pytest.fixture
def schema(checkout: Path) -> dict[str, Any]:
    return read_schema(checkout)


def read_schema(checkout: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((checkout / "backend" / "openapi.json").read_text())
    return found


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


def test_a_checkout_may_have_more_kinds_already(tmp_path: Path) -> None:
    checkout = copy_with_specimens(tmp_path / "checkout")
    add_kind(checkout, "exhibit")
    schemas = read_schema(checkout)["components"]["schemas"]
    assert schemas["ContentType"]["enum"][-2:] == ["specimen", "exhibit"]
    assert list(schemas["TopContent"]["properties"])[-2:] == ["specimens", "exhibits"]


def test_a_failure_shows_the_summary_alone() -> None:
    failed = "FAILED tests/a.py::test_b - assert 1 == 2\n=== 1 failed in 3.21s"
    printed = f"def test_b():\n> assert 1 == 2\n=== short test summary info ===\n{failed} ===\n"
    assert shorten_output(printed) == f"{failed} "


def test_the_contract_s_tests_of_content_and_views_pass_for_it(checkout: Path) -> None:
    printed = run_python(
        checkout,
        *PYTEST,
        "tests/contract/test_contract_content.py",
        "tests/contract/test_contract_analytics.py",
        "tests/contract/test_contract_fields.py::test_values_at_their_bounds_are_taken",
        "tests/backend/test_sample_content.py",
        "-k=app-specimen or sample",
    )
    assert passed_tests(printed, "specimen") >= {
        "test_create_answers_201_with_a_draft_of_the_fields_sent",
        "test_publishing_shows_the_item_to_everyone",
        "test_deleting_answers_204_without_a_body_and_then_there_is_nothing",
        "test_a_session_counts_once_per_content",
        "test_the_views_of_a_type_are_by_content_id",
        "test_the_top_list_is_most_viewed_first",
        "test_values_at_their_bounds_are_taken",
    }
    assert "::test_every_kind_has_samples_that_are_written_once PASSED" in printed


@pytest.mark.real
def test_every_test_of_the_contract_and_of_the_backend_passes_with_it(checkout: Path) -> None:
    folders = ["tests/contract", "tests/backend", "tests/bench", "tests/infra/test_program.py"]
    chosen = "-k=not stage and not dynamodb-local and not further_kind"
    printed = run_python(checkout, *PYTEST, *folders, chosen)
    assert len(passed_tests(printed, "specimen")) > 40
