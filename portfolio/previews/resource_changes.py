"""Changes of a stack's resources, read from the engine's events."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from pulumi.automation.events import EngineEvent

type Change = Literal["replaced", "deleted", "created", "updated"]

CHANGES: Final[tuple[Change, ...]] = ("replaced", "deleted", "created", "updated")
"""In the order of the summary: changes with a risk of data loss first."""

_BY_STEP: Final[dict[str, Change]] = {
    "replace": "replaced",
    "delete": "deleted",
    "create": "created",
    "import": "created",
    "update": "updated",
}
"""Changes by the engine's name for the step.

The two halves of a replacement (`create-replacement`, `delete-replaced`) are left out.
"""

DATA_TYPES: Final = frozenset(
    {
        "aws:dynamodb/table:Table",
        "aws:cognito/userPool:UserPool",
        "aws:cloudwatch/logGroup:LogGroup",
    }
)
"""Types of resources with data in them."""


@dataclass(frozen=True, order=True)
class ChangedResource:
    """A resource and its change."""

    change: Change
    type: str
    name: str

    @property
    def holds_data(self) -> bool:
        """True if the resource holds data."""
        return self.type in DATA_TYPES

    @property
    def has_lost_data(self) -> bool:
        """True if the change deleted data."""
        return self.holds_data and self.change in ("replaced", "deleted")


@dataclass
class Changes:
    """The changes of one update. Call `note` with each event of the engine."""

    _noted: set[ChangedResource] = field(default_factory=set[ChangedResource])

    def note(self, event: "EngineEvent") -> None:
        """Note a finished step. Components and providers are skipped: AWS has no such resource."""
        done = event.res_outputs_event and event.res_outputs_event.metadata
        if done and done.provider and (change := _BY_STEP.get(done.op.value)):
            name = done.urn.rpartition("::")[2]
            self._noted.add(ChangedResource(change, done.type, name))

    def listed(self) -> list[ChangedResource]:
        """Return the changes: resources with data first, then in the order of `CHANGES`."""
        return sorted(
            self._noted,
            key=lambda each: (
                not each.holds_data,
                CHANGES.index(each.change),
                each.type,
                each.name,
            ),
        )
