"""The readable parts of an event, for every kind of event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

type Weight = Literal["chatter", "normal", "warning", "error"]
"""A line's importance."""

_ASCENDING: Final[tuple[Weight, ...]] = get_args(Weight.__value__)


@dataclass(frozen=True)
class Line:
    """The readable parts of an event."""

    label: str
    """The level, or the name of the writer."""

    message: str
    weight: Weight = "normal"
    request_id: str | None = None
    """The gateway's id, also in the answer to the client."""

    function_request_id: str | None = None
    """Lambda's id of the invocation."""

    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    """Further values, by name."""

    details: str = ""
    """The following lines: a traceback, or the rest of a message."""

    logger: str | None = None
    """The name of the Python logger, in lines of the app's JSON log."""

    @property
    def ids(self) -> set[str]:
        """The ids of the request in this line."""
        return {each for each in (self.request_id, self.function_request_id) if each}

    def is_at_least(self, weight: Weight) -> bool:
        """Return True for a line of this importance or a higher one."""
        return _ASCENDING.index(self.weight) >= _ASCENDING.index(weight)
