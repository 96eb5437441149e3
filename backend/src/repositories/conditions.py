"""Conditions of writes on the stored item."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Condition:
    """A condition on the stored item; DynamoDB refuses the write if it is false."""

    expression: str
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, object] = field(default_factory=dict[str, object])


ABSENT: Final = Condition("attribute_not_exists(PK)")
"""The item does not exist."""


def absent(attribute: str) -> Condition:
    """Return the condition: the item has no such attribute, or does not exist."""
    return Condition("attribute_not_exists(#c)", {"#c": attribute})


def equal(values: Mapping[str, object]) -> Condition:
    """Return the condition: every attribute exists and has its value."""
    return Condition(
        " AND ".join(f"#c{n} = :c{n}" for n in range(len(values))),
        {f"#c{n}": name for n, name in enumerate(values)},
        {f":c{n}": value for n, value in enumerate(values.values())},
    )
