"""Clients that five generators make of the schema compile, and say what they send and read."""

import json
import re
from pathlib import Path

import pytest

from infra.paths import OPENAPI
from tests.real.clients.client_types import read_python, read_typescript
from tests.real.clients.generators import GENERATORS, Generator
from tests.real.clients.tools import Tools


def count_query_parameters() -> int:
    operations = [
        operation
        for path_item in json.loads(OPENAPI.read_text())["paths"].values()
        for operation in path_item.values()
    ]
    found = [each for operation in operations for each in operation.get("parameters", [])]
    return sum(parameter["in"] == "query" for parameter in found)


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda each: each.name)
def test_a_generated_client_compiles_strictly(
    generator: Generator, tools: Tools, tmp_path: Path
) -> None:
    types = generator.generate(tools, tmp_path)
    assert types.errors == []
    data = [each for each in types.properties if not re.match(generator.ignored, each.path)]
    assert len(data) > 100
    assert [each.path for each in data if each.is_empty] == []
    parameters = [each for each in data if re.search(generator.parameters, each.path)]
    assert len(parameters) >= count_query_parameters() > 0
    assert [each.path for each in parameters if each.is_nullable] == []


def test_faults_of_typescript_types_are_found(tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "faults.ts").write_text(
        """
        export interface Nothing {}
        export type Post = {
          tags?: string[]; known?: { id: string }; at: Nothing; any: any; list: unknown[] | null;
          map: Record<string, string>; vague: { [key: string]: unknown };
          nested: { body: object; query: { tag?: string | null } };
        };
        export const wrong: string = 1;
        """
    )
    types = read_typescript(tools, tmp_path, ["faults.ts"], exact=True)
    assert [error.rpartition(": ")[2] for error in types.errors] == [
        "Type 'number' is not assignable to type 'string'."
    ]
    assert [each.path for each in types.properties if each.is_empty] == [
        *("Nothing", "Post.at", "Post.any", "Post.list", "Post.vague", "Post.nested.body")
    ]
    nullable = [each.path for each in types.properties if each.is_nullable]
    assert nullable == ["Post.list", "Post.nested.query.tag"]


def test_faults_of_python_types_are_found(tools: Tools, tmp_path: Path) -> None:
    package = tmp_path / "portfolio_client"
    files = {
        "__init__.py": "",
        "models/__init__.py": "",
        "models/post.py": (
            "from dataclasses import dataclass as define\nfrom typing import Any\n"
            "@define\nclass Nothing:\n    additional_properties: dict[str, Any]\n"
            "@define\nclass Post:\n    tags: list[str] | None\n    at: Any = 1\n"
        ),
        "api/__init__.py": "",
        "api/list_posts.py": "def sync_detailed(*, client: str, tag: None) -> int:\n    return tag",
    }
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    types = read_python(tools, package)
    assert "Incompatible return value type" in types.errors[0]
    assert [each.path for each in types.properties if each.is_empty] == ["Nothing", "Post.at"]
    nullable = [each.path for each in types.properties if each.is_nullable]
    assert nullable == ["Post.tags", "list_posts().tag"]
