"""Kinds of content with their samples, as described in `backend/openapi.json`.

A kind has the items of `samples.json`. A kind without items there, such as a new one, has a single
published item, made from the examples in its schema.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.errors import SampleError
from infra.paths import OPENAPI

_SAMPLES: Final = Path(__file__).with_name("samples.json")

type _Json = dict[str, Any]


@dataclass(frozen=True)
class SampleKind:
    """A kind of content: its path, its keys and its samples."""

    path: str
    """Path of its list, such as `/projects`."""

    name_key: str
    """Key of the item's name: the first required text."""

    published: Sequence[_Json]
    drafts: Sequence[_Json] = ()


def read_sample_kinds(openapi: Path = OPENAPI) -> list[SampleKind]:
    """Return every kind of content in the schema, with its samples.

    Args:
        openapi: the file with the schema.

    Raises:
        SampleError: if a kind has neither samples nor examples.
    """
    samples: dict[str, _Json] = json.loads(_SAMPLES.read_text(encoding="utf-8"))
    schema = _Schema(json.loads(openapi.read_text(encoding="utf-8")))
    return [
        SampleKind(
            path=path,
            name_key=schema.name_key(path),
            **(samples.get(path) or {"published": [schema.example_item(path)]}),
        )
        for path in schema.content_paths()
    ]


class _Schema:
    """An OpenAPI schema, as far as it describes content."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def content_paths(self) -> Iterator[str]:
        """Yield the path of each list with items to publish."""
        paths = self._document["paths"]
        for path in paths:
            if f"{path}/{{id}}/publish" in paths:
                yield path

    def name_key(self, path: str) -> str:
        """Return the key of the first required text of an item."""
        body = self.body(path)
        fields: dict[str, _Json] = body["properties"]
        return next(key for key in body["required"] if fields[key].get("type") == "string")

    def body(self, path: str) -> _Json:
        """Return the schema of the body to create an item."""
        return self._resolve(_json_schema(self._operation(path, "post")["requestBody"]))

    def example_item(self, path: str) -> _Json:
        """Return an item made of the examples of its fields; optional ones need no example."""
        body = self.body(path)
        fields: dict[str, _Json] = body["properties"]
        examples = {name: self._examples(field) for name, field in fields.items()}
        for name in body["required"]:
            if not examples[name]:
                raise SampleError(
                    f"No sample of {path} can be made: its field {name} has no example. Add one to "
                    f"the field's model, then run `make format`; or add samples to {_SAMPLES.name}."
                )
        return {name: values[0] for name, values in examples.items() if values}

    def _examples(self, field: _Json) -> list[object]:
        """Return the examples of a field, or its options."""
        # An optional field is the alternative of null.
        present = self._resolve(field.get("anyOf", [field])[0])
        found: list[object] = (
            field.get("examples") or present.get("examples") or present.get("enum") or []
        )
        return found

    def _operation(self, path: str, method: str) -> _Json:
        operation: _Json = self._document["paths"][path][method]
        return operation

    def _resolve(self, node: _Json) -> _Json:
        reference: str | None = node.get("$ref")
        if reference is None:
            return node
        found: _Json = self._document["components"]["schemas"][reference.rpartition("/")[2]]
        return found


def _json_schema(part: _Json) -> _Json:
    found: _Json = part["content"]["application/json"]["schema"]
    return found
