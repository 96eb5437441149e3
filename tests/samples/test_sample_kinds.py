"""The kinds of content that samples are made of."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.errors import SampleError
from portfolio.samples import kinds
from portfolio.samples.kinds import read_sample_kinds
from src.api.kinds import KINDS

BOOK: dict[str, Any] = {
    "required": ["pages", "title"],
    "properties": {
        "pages": {"type": "integer", "examples": [200]},
        "title": {"type": "string", "examples": ["Serverless"]},
        "isbn": {"anyOf": [{"type": "string", "examples": ["123"]}, {"type": "null"}]},
        "series": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
}


def write_schema(folder: Path, book: dict[str, Any]) -> Path:
    """Write the schema of an API with books alone."""

    def content(schema: dict[str, Any]) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}}

    books = {"post": {"requestBody": content(book)}}
    file = folder / "openapi.json"
    file.write_text(json.dumps({"paths": {"/books": books, "/books/{id}/publish": {}}}))
    return file


def test_they_are_those_of_the_registry() -> None:
    assert {kind.path for kind in read_sample_kinds()} == {api.path for api in KINDS}


def test_every_sample_has_a_kind() -> None:
    file = Path(kinds.__file__).with_name("samples.json")
    assert json.loads(file.read_text()).keys() <= {kind.path for kind in read_sample_kinds()}


def test_a_new_kind_has_a_sample_made_of_examples(tmp_path: Path) -> None:
    (kind,) = read_sample_kinds(write_schema(tmp_path, BOOK))
    assert (kind.path, kind.name_key) == ("/books", "title")
    expected = {"pages": 200, "title": "Serverless", "isbn": "123"}
    assert (kind.published, kind.drafts) == ([expected], ())


def test_a_missing_example_is_reported_with_the_remedy(tmp_path: Path) -> None:
    title = {"type": "string"}
    book = {**BOOK, "properties": {**BOOK["properties"], "title": title}}
    with pytest.raises(SampleError) as raised:
        read_sample_kinds(write_schema(tmp_path, book))
    assert str(raised.value) == (
        "No sample of /books can be made: its field title has no example. Add one to the field's "
        "model, then run `make format`; or add samples to samples.json."
    )
