"""What an update did to a stack's resources, as the engine's events tell it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from pulumi.automation.events import EngineEvent

type Change = Literal["replaced", "deleted", "created", "updated"]

CHANGES: Final[tuple[Change, ...]] = ("replaced", "deleted", "created", "updated")
"""What may lose something comes first."""

_BY_STEP: Final[dict[str, Change]] = {
    "replace": "replaced",
    "delete": "deleted",
    "create": "created",
    "import": "created",
    "update": "updated",
}
"""By the engine's word for a step; the two halves of a replacement say nothing of their own."""

DATA_TYPES: Final = frozenset(
    {
        "aws:dynamodb/table:Table",
        "aws:cognito/userPool:UserPool",
        "aws:cloudwatch/logGroup:LogGroup",
    }
)
"""Types that hold what cannot be made again."""


@dataclass(frozen=True, order=True)
class ChangedResource:
    """A resource, as people know it, and what became of it."""

    change: Change
    type: str
    name: str

    @property
    def holds_data(self) -> bool:
        """Whether something is lost with it."""
        return self.type in DATA_TYPES

    @property
    def has_lost_data(self) -> bool:
        """Whether something was lost with it."""
        return self.holds_data and self.change in ("replaced", "deleted")


@dataclass
class Changes:
    """The changes of one update; call `note` with each event."""

    _noted: set[ChangedResource] = field(default_factory=set[ChangedResource])

    def note(self, event: "EngineEvent") -> None:
        """Take a step that is done; components and providers are nothing in AWS, and left out."""
        done = event.res_outputs_event and event.res_outputs_event.metadata
        if done and done.provider and (change := _BY_STEP.get(done.op.value)):
            name = done.urn.rpartition("::")[2]
            self._noted.add(ChangedResource(change, done.type, name))

    def listed(self) -> list[ChangedResource]:
        """What has changed: first what holds data, then what may lose something."""
        return sorted(
            self._noted,
            key=lambda each: (
                not each.holds_data,
                CHANGES.index(each.change),
                each.type,
                each.name,
            ),
        )
