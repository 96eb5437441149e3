"""The lines of a content file: one JSON object each, with sorted keys.

========= ======================================= ==========================================
line      keys                                    holds
========= ======================================= ==========================================
first     `format`, `version`                     the version of this layout
`item`    `kind`, `item`, `views`                 an item as stored, and its views
`day`     `date`, `visitors`                      the visitors of a day (UTC)
`total`   `visitors`, `last`                      the visitors of all time, and the last visit
`end`     `lines`                                 the number of lines before it
========= ======================================= ==========================================

All lines but the first have the key `record` with the name above. The items come first: by kind,
then by id. The days follow in their order. So equal content makes equal bytes.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from infra.paths import PROJECT
from src.models.times import format_exact

if TYPE_CHECKING:
    from src.api.content import ContentApi
    from src.models.content import Content

FORMAT: Final = f"{PROJECT} content"
"""Name of the layout, in the first line of each file."""

VERSION: Final = 1
"""Version of the layout. A change that older checkouts cannot read increases it."""

HEADER: Final[dict[str, Any]] = {"format": FORMAT, "version": VERSION}
"""The first line."""


@dataclass(frozen=True)
class ItemRecord:
    """An item of content, with its views."""

    api: "ContentApi[Any]"
    """The item's kind."""

    item: "Content"
    views: int

    @property
    def as_json(self) -> dict[str, Any]:
        """The line's object."""
        return {
            "record": "item",
            "kind": self.api.kind.name,
            "item": self.item.model_dump(by_alias=True),
            "views": self.views,
        }


@dataclass(frozen=True)
class DayRecord:
    """The visitors of a day (UTC)."""

    date: date
    visitors: int

    @property
    def as_json(self) -> dict[str, Any]:
        """The line's object."""
        return {"record": "day", "date": self.date, "visitors": self.visitors}


@dataclass(frozen=True)
class TotalRecord:
    """The visitors of all time."""

    visitors: int
    last: datetime | None
    """Time of the last counted visit; None before the first one."""

    @property
    def as_json(self) -> dict[str, Any]:
        """The line's object."""
        return {"record": "total", "visitors": self.visitors, "last": self.last}


@dataclass(frozen=True)
class EndRecord:
    """The last line: without it, the file is cut off."""

    lines: int
    """Number of lines before it."""

    @property
    def as_json(self) -> dict[str, Any]:
        """The line's object."""
        return {"record": "end", "lines": self.lines}


type Record = ItemRecord | DayRecord | TotalRecord | EndRecord
"""A line after the first one."""


def encode(value: dict[str, Any]) -> bytes:
    """Return an object as a line of the file."""
    text = json.dumps(
        value, default=_encode_time, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    return f"{text}\n".encode()


def _encode_time(value: date) -> str:
    """Return a time to the microsecond, as in the table, or a date."""
    return format_exact(value) if isinstance(value, datetime) else value.isoformat()
