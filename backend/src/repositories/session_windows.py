"""Counting a session once within a window of time.

A marker under the session's key says until when it is counted. DynamoDB deletes expired
items within a few days, so the time stored decides, not whether the marker is still there:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from src.repositories.attempts import attempts
from src.repositories.conditions import Condition
from src.repositories.table import Action, Item, Key, Outcome, Table
from src.utils.errors import ServiceUnavailableError


@dataclass(frozen=True)
class SessionWindow:
    """The time for which one thing counts once for a session."""

    session: str
    """The session's HMAC."""

    subject: str
    """What is counted, such as `visit`."""

    start: datetime
    end: datetime
    """The first moment at which it counts again."""

    @property
    def key(self) -> Key:
        """Where it is stored that the session was counted."""
        return f"session#{self.session}", self.subject

    def is_counted(self, marker: Item | None) -> bool:
        """Whether the marker that is stored, if any, covers the start of the window."""
        return marker is not None and marker["expiresAt"] > math.floor(self.start.timestamp())

    def count(self, table: Table, others: Sequence[Action]) -> Outcome:
        """Mark the session as counted and do the other actions, or none of it.

        The marker is the first action: its condition fails where the session was counted.

        Raises:
            ServiceUnavailableError: if others keep getting in the way.
        """
        for _ in attempts():
            outcome = table.transact([self._mark(table), *others])
            if outcome.committed or outcome.any_condition_failed:
                return outcome
        raise ServiceUnavailableError("Too many visitors at once: try again in a moment.")

    def _mark(self, table: Table) -> Action:
        not_counted = Condition(
            "attribute_not_exists(PK) OR expiresAt <= :start",
            values={":start": math.floor(self.start.timestamp())},
        )
        return table.put(self.key, {"expiresAt": math.ceil(self.end.timestamp())}, not_counted)
