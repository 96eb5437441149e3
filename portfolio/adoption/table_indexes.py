"""Global indexes of the existing table and of the program, in the same words."""

from collections.abc import Iterable, Mapping
from typing import Any

type _Json = dict[str, Any]


def describe_indexes(table: _Json) -> dict[str, str]:
    """Return the indexes in DynamoDB's description of a table, by name."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    found: dict[str, str] = {}
    for index in table.get("GlobalSecondaryIndexes", []):
        keys = [key["AttributeName"] for key in index["KeySchema"]]
        projection = index["Projection"]
        copied = projection.get("NonKeyAttributes", [])
        name = index["IndexName"]
        found[name] = _write(name, keys, types, [projection["ProjectionType"], *sorted(copied)])
    return found


def describe_wanted_indexes(wanted: Mapping[str, Any]) -> dict[str, str]:
    """Return the indexes in the table's inputs in the program, by name."""
    types = {each["name"]: each["type"] for each in wanted["attributes"]}
    made: dict[str, str] = {}
    for index in wanted["globalSecondaryIndexes"]:
        keys = [key["attributeName"] for key in index["keySchemas"]]
        copied = index.get("nonKeyAttributes", [])
        name = index["name"]
        made[name] = _write(name, keys, types, [index["projectionType"], *sorted(copied)])
    return made


def _write(
    name: str, keys: Iterable[str], types: Mapping[str, str], projection: Iterable[str]
) -> str:
    typed = [f"{key} {types[key]}" for key in keys]
    return f"{name} ({', '.join(typed)}; {' '.join(projection)})"
