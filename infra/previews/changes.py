"""What an update did to a stack's resources, as the engine's events tell it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from pulumi.automation.events import EngineEvent

type Change = Literal["replaced", "deleted", "created", "updated"]

_CHANGES: Final[dict[str, Change]] = {
    "replace": "replaced",
    "delete": "deleted",
    "create": "created",
    "import": "created",
    "update": "updated",
}
"""By the engine's word for a step; the two halves of a replacement say nothing of their own."""

_OURS: Final = ("portfolio-api:", "pulumi:")
"""Types that are no resources of AWS's."""

DATA_TYPES: Final = frozenset(
    {
        "aws:dynamodb/table:Table",
        "aws:cognito/userPool:UserPool",
        "aws:cloudwatch/logGroup:LogGroup",
    }
)
"""Types that hold what cannot be made again."""


@dataclass(frozen=True, order=True)
class Resource:
    """A resource, as people know it."""

    type: str
    name: str

    @property
    def holds_data(self) -> bool:
        """Whether something is lost with it."""
        return self.type in DATA_TYPES


@dataclass(frozen=True)
class Changes:
    """The changes of one run of the engine; call `note` with each event."""

    progress: Callable[[str], None]
    """Told of each change in a line."""

    resources: dict[Change, list[Resource]] = field(default_factory=lambda: defaultdict(list))

    def note(self, event: "EngineEvent") -> None:
        """Take a step that is done; components, providers and the stack itself are left out."""
        done = event.res_outputs_event
        if not done or not (change := _CHANGES.get(done.metadata.op.value)):
            return
        resource = Resource(done.metadata.type, done.metadata.urn.rpartition("::")[2])
        if not resource.type.startswith(_OURS):
            self.resources[change].append(resource)
            self.progress(f"{change} {resource.type} {resource.name}")

    def of(self, change: Change) -> list[Resource]:
        """The resources of a change; those that hold data first."""
        found = self.resources.get(change, [])
        return sorted(found, key=lambda each: (not each.holds_data, each))
