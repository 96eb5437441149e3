"""What is worth reading in an event, whatever its form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

type Weight = Literal["chatter", "normal", "warning", "error"]
"""How much a line matters."""


@dataclass(frozen=True)
class Line:
    """What an event tells."""

    label: str
    """Its level, or whose line it is."""

    message: str
    weight: Weight = "normal"
    request_id: str | None = None
    """The gateway's, which the client is told."""

    function_request_id: str | None = None
    """Lambda's, of the invocation."""

    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    """What it tells besides."""

    details: str = ""
    """The lines that follow: a traceback, or the rest of a message."""

    @property
    def ids(self) -> set[str]:
        """The request's ids, those that the line has."""
        return {each for each in (self.request_id, self.function_request_id) if each}
