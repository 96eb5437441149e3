"""Windows of time for a session to count once.

A marker under the session's key has the end of the window. DynamoDB deletes expired items within a
few days, so the stored time decides, not the existence of the marker:
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
    """A window of time for a session to count once, for one subject."""

    session: str
    """The session's HMAC."""

    subject: str
    """Subject of the count, such as `visit`."""

    start: datetime
    end: datetime
    """The first moment after the window: the session counts again."""

    @property
    def key(self) -> Key:
        """Key of the marker of a counted session."""
        return f"session#{self.session}", self.subject

    def is_counted(self, marker: Item | None) -> bool:
        """Return True if the stored marker, if any, covers the start of the window."""
        return marker is not None and marker["expiresAt"] > math.floor(self.start.timestamp())

    def count(self, table: Table, others: Sequence[Action]) -> Outcome:
        """Mark the session as counted and do the other actions, everything or nothing.

        The marker is the first action; its condition fails if the session was counted.

        Raises:
            ServiceUnavailableError: if every attempt conflicts with other writes.
        """
        for _ in attempts():
            outcome = table.transact([self._mark(table), *others])
            if outcome.committed or outcome.any_condition_failed:
                return outcome
        raise ServiceUnavailableError("Too many visitors at the same time: try again in a moment.")

    def _mark(self, table: Table) -> Action:
        not_counted = Condition(
            "attribute_not_exists(PK) OR expiresAt <= :start",
            values={":start": math.floor(self.start.timestamp())},
        )
        return table.put(self.key, {"expiresAt": math.ceil(self.end.timestamp())}, not_counted)
