"""What must hold of an item as it is stored for a write to happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Condition:
    """What must hold of the item as stored for a write to happen."""

    expression: str
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, object] = field(default_factory=dict[str, object])


ABSENT: Final = Condition("attribute_not_exists(PK)")
"""Nothing is stored under the key."""

PRESENT: Final = Condition("attribute_exists(PK)")
"""Something is stored under the key."""


def equal(values: Mapping[str, object]) -> Condition:
    """Each of the attributes is there and has the value."""
    return Condition(
        " AND ".join(f"#c{n} = :c{n}" for n in range(len(values))),
        {f"#c{n}": name for n, name in enumerate(values)},
        {f":c{n}": value for n, value in enumerate(values.values())},
    )
