"""What the engine does to a stack's resources, as it tells."""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from pulumi.automation import OpType
from pulumi.automation.events import EngineEvent

type Operation = Literal["create", "update", "replace", "delete", "import"]


class Key(NamedTuple):
    """What tells a stack's resources apart."""

    token: str
    """The type."""

    name: str


_OPERATIONS: Final[dict[OpType, Operation]] = {
    OpType.CREATE: "create",
    OpType.UPDATE: "update",
    OpType.REPLACE: "replace",
    OpType.DELETE: "delete",
    OpType.IMPORT: "import",
}
"""A replacement's own steps are left out: REPLACE stands for them."""


@dataclass
class Changes:
    """What one run changes, or would."""

    operations: dict[Key, Operation] = field(default_factory=dict[Key, Operation])
    properties: dict[Key, set[str]] = field(default_factory=dict[Key, set[str]])
    """The inputs whose change is the reason."""

    imported: set[Key] = field(default_factory=set[Key])
    """What was there already; it may be changed in the same run."""

    printed: str = ""
    """All that the engine has said."""

    def take(self, event: EngineEvent) -> None:
        """Note what an event tells."""
        # A refresh tells afterwards what it has found.
        told = event.resource_pre_event or event.res_outputs_event
        step = told and told.metadata
        if step and step.op in _OPERATIONS:
            key = Key(step.type, step.urn.rpartition("::")[2])
            self.operations[key] = _OPERATIONS[step.op]
            self.imported |= {key} if step.op is OpType.IMPORT else set()
            self.properties[key] = set(step.diffs or ())

    def print(self, line: str) -> None:
        """Note a line of output."""
        self.printed += f"{line}\n"
