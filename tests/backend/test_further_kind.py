"""A fourth kind of content is three small files and a line, and every test still passes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.backend.further_kind import copy_with_talks, run_python

PYTEST = ("-m", "pytest", "-v", "-p", "no:cacheprovider")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_with_talks(tmp_path_factory.mktemp("talks") / "checkout")


@pytest.fixture
def schema(checkout: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((checkout / "backend" / "openapi.json").read_text())
    return found


def passed_tests(printed: str, name: str) -> set[str]:
    """Return the passed tests with this name in their parameters."""
    assert "nothing was skipped" in printed
    return set(re.findall(rf"::(\w+)\[\S*\b{name}\b\S*\] PASSED", printed))


def test_the_schema_describes_it(schema: dict[str, Any]) -> None:
    assert {"name": "talks", "description": "Talks."} in schema["tags"]
    operations = [
        (path, method, operation["tags"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if "talks" in path
    ]
    item = "/v1/talks/{id}"
    assert operations == [
        ("/v1/talks", "get", ["talks"]),
        ("/v1/talks", "post", ["talks"]),
        (item, "get", ["talks"]),
        (item, "put", ["talks"]),
        (item, "delete", ["talks"]),
        (f"{item}/publish", "post", ["talks"]),
        (f"{item}/unpublish", "post", ["talks"]),
    ]
    schemas = schema["components"]["schemas"]
    assert schemas["ContentType"]["enum"] == ["blog", "project", "certification", "talk"]
    assert list(schemas["TopContent"]["properties"])[-1] == "talks"


def test_the_contract_s_tests_of_content_and_views_pass_for_it(checkout: Path) -> None:
    printed = run_python(
        checkout,
        *PYTEST,
        "tests/contract/test_contract_content.py",
        "tests/contract/test_contract_analytics.py",
        "tests/contract/test_contract_fields.py::test_values_at_their_bounds_are_taken",
        "tests/backend/test_sample_content.py",
        "-k=app-talk or sample",
    )
    assert passed_tests(printed, "talk") >= {
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
    assert len(passed_tests(printed, "talk")) > 40
