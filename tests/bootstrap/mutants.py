"""Mutants of a policy's statement: each allows a bit less or a bit more."""

from collections.abc import Iterator, Mapping
from typing import Any

type Statement = Mapping[str, Any]


def mutants(statement: Statement) -> Iterator[tuple[str, Statement | None]]:
    """Yield the mutants of a statement, each with its description; None without the statement."""
    yield "removed", None
    yield from _mutated_list(statement, "Action", _wider_actions)
    yield from _mutated_list(statement, "Resource", _wider_resources)
    for operator, keys in statement.get("Condition", {}).items():
        for key in keys:
            yield from _mutated_condition(statement, operator, key)


def _mutated_list(
    statement: Statement, name: str, wider: Any
) -> Iterator[tuple[str, Statement | None]]:
    values = _listed(statement[name])
    for value in values:
        rest = [each for each in values if each != value]
        if rest:
            yield f"{name} without {value}", {**statement, name: rest}
        for other in wider(value):
            yield f"{name} {other} for {value}", {**statement, name: [*rest, other]}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _wider_actions(action: str) -> Iterator[str]:
    yield f"{action}*"
    yield f"{action.partition(':')[0]}:*"
    yield "*"


def _wider_resources(arn: str) -> Iterator[str]:
    if arn == "*":
        return
    yield "*"
    fields = arn.split(":", 5)
    for number in (3, 4, 5):
        if fields[number] not in {"", "*"}:
            yield ":".join([*fields[:number], "*", *fields[number + 1 :]])
    yield ":".join([*fields[:5], f"*{fields[5]}"])


def _mutated_condition(
    statement: Statement, operator: str, key: str
) -> Iterator[tuple[str, Statement]]:
    values = _listed(statement["Condition"][operator][key])
    yield f"{operator} {key} removed", _with_keys(statement, operator, {key: None})
    for value in values if len(values) > 1 else ():
        rest = [each for each in values if each != value]
        yield f"{key} without {value}", _with_keys(statement, operator, {key: rest})
    if operator != "Null":
        without = _with_keys(statement, operator, {key: None})
        like = operator.replace("Equals", "Like")
        yield f"{key} is anything", _with_keys(without, like, {key: "*"})
    if operator in {"StringEquals", "StringLike"}:
        without = _with_keys(statement, operator, {key: None})
        yield f"{key} optional", _with_keys(without, f"{operator}IfExists", {key: values})


def _with_keys(statement: Statement, operator: str, changes: Mapping[str, Any]) -> Statement:
    """Return the statement with other values of an operator's keys; None removes a key."""
    conditions = dict(statement.get("Condition", {}))
    keys = {**conditions.pop(operator, {}), **changes}
    kept = {key: value for key, value in keys.items() if value is not None}
    return {**statement, "Condition": {**conditions, **({operator: kept} if kept else {})}}
