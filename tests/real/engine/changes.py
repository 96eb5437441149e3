"""The engine's operations on a stack's resources, from its events."""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from pulumi.automation import OpType
from pulumi.automation.events import EngineEvent

type Operation = Literal["create", "update", "replace", "delete", "import"]


class Key(NamedTuple):
    """The identity of a resource in a stack."""

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
"""The single steps of a replacement are left out: REPLACE covers them."""


@dataclass
class Changes:
    """The changes of one run, or those of a preview."""

    operations: dict[Key, Operation] = field(default_factory=dict[Key, Operation])
    properties: dict[Key, set[str]] = field(default_factory=dict[Key, set[str]])
    """The changed inputs."""

    imported: set[Key] = field(default_factory=set[Key])
    """The adopted resources; the same run may change them too."""

    printed: str = ""
    """The engine's output."""

    def take(self, event: EngineEvent) -> None:
        """Record an event."""
        # A refresh sends its findings in the event after the operation.
        sent = event.resource_pre_event or event.res_outputs_event
        step = sent and sent.metadata
        if step and step.op in _OPERATIONS:
            key = Key(step.type, step.urn.rpartition("::")[2])
            self.operations[key] = _OPERATIONS[step.op]
            self.imported |= {key} if step.op is OpType.IMPORT else set()
            self.properties[key] = set(step.diffs or ())

    def print(self, line: str) -> None:
        """Record a line of output."""
        self.printed += f"{line}\n"
