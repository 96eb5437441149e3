"""The table of the SAM deployment: its kinds of items, by their keys.

=============================== ================ ============================
PK                              SK               kind
=============================== ================ ============================
`BLOG#<id>`                     `METADATA`       post
`PROJECT#<id>`                  `METADATA`       project
`CERT#<id>`                     `METADATA`       certification
`ANALYTICS#<type>#<id>`         `VIEWS`          views of an item
`VISITOR#DAILY#<date>`          `COUNT`          visits of a day (UTC)
`VISITOR#TOTAL`                 `COUNT`          visits of all time
`BLOG#CATEGORY#<name>`          `COUNT`          number of posts
`VISITOR#MONTHLY#<month>`       `COUNT`          visits of a month
`ANALYTICS#TOTAL`               `VIEWS`          views of all items
`VISITOR#SESSION#<session>`     `TRACKED`        a session
`ANALYTICS#SESSION#<session>`   `<type>#<id>`    a session
=============================== ================ ============================

Every item has its fields in the map `Data`. The status of content is the attribute `Status` beside
it. The old index is out of date for some items, so nothing reads it.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from src.api.kinds import KINDS
from src.repositories.attributes import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    type Attributes = Mapping[str, AttributeValueTypeDef]


class OldKind(StrEnum):
    """A kind of items in the old table, with its name in the report."""

    POST = "posts"
    PROJECT = "projects"
    CERTIFICATION = "certifications"
    VIEWS = "views of items"
    DAY = "visits by day"
    TOTAL = "visits of all time"
    CATEGORY = "counts of categories"
    MONTH = "visits by month"
    ALL_VIEWS = "views of all items"
    VISIT_SESSION = "sessions of visits"
    VIEW_SESSION = "sessions of views"
    UNKNOWN = "unknown items"


LEFT: Final = {
    OldKind.CATEGORY: "counted again",
    OldKind.MONTH: "counted again",
    OldKind.ALL_VIEWS: "counted again",
    OldKind.VISIT_SESSION: "expires within two days",
    OldKind.VIEW_SESSION: "expires within a day",
}
"""Kinds of items to leave, with the reason."""

_KEYS: Final = (
    (re.compile(r"BLOG#CATEGORY#(.*)", re.DOTALL), re.compile("COUNT"), OldKind.CATEGORY),
    (re.compile(r"BLOG#(.*)", re.DOTALL), re.compile("METADATA"), OldKind.POST),
    (re.compile(r"PROJECT#(.*)", re.DOTALL), re.compile("METADATA"), OldKind.PROJECT),
    (re.compile(r"CERT#(.*)", re.DOTALL), re.compile("METADATA"), OldKind.CERTIFICATION),
    (re.compile(r"VISITOR#DAILY#(.*)", re.DOTALL), re.compile("COUNT"), OldKind.DAY),
    (re.compile(r"VISITOR#MONTHLY#(.*)", re.DOTALL), re.compile("COUNT"), OldKind.MONTH),
    (re.compile(r"VISITOR#(TOTAL)"), re.compile("COUNT"), OldKind.TOTAL),
    (re.compile(r"VISITOR#SESSION#(.*)", re.DOTALL), re.compile("TRACKED"), OldKind.VISIT_SESSION),
    (re.compile(r"ANALYTICS#SESSION#(.*)", re.DOTALL), re.compile(".*#.*"), OldKind.VIEW_SESSION),
    (re.compile(r"ANALYTICS#(TOTAL)"), re.compile("VIEWS"), OldKind.ALL_VIEWS),
    (re.compile(r"ANALYTICS#([^#]*#.*)", re.DOTALL), re.compile("VIEWS"), OldKind.VIEWS),
)
"""Patterns of the keys, the narrowest first, with the kind; the group is the item's id."""

MARKS: Final = "migrated"
"""The `PK` of the marks in the stage's table, one for each migrated item of content."""

_OURS: Final = frozenset({*(api.kind.name for api in KINDS), "views", "visitors", "session", MARKS})
"""The first words of the `PK` of this project's own items, in lower case."""


def is_ours(attributes: "Attributes") -> bool:
    """Return True for an item in this project's layout; both layouts may share a table."""
    return attributes["PK"].get("S", "").partition("#")[0] in _OURS


@dataclass(frozen=True)
class OldItem:
    """An item of the old table."""

    kind: OldKind
    id: str
    """Its id in the report: the id of content, a date, or its keys."""

    attributes: "Attributes"
    """Its attributes, as DynamoDB returns them."""

    @classmethod
    def of(cls, attributes: "Attributes") -> "OldItem":
        """Recognise an item by its keys."""
        partition, sort = (attributes[name].get("S", "") for name in ("PK", "SK"))
        for partitions, sorts, kind in _KEYS:
            found = partitions.fullmatch(partition)
            if found and sorts.fullmatch(sort):
                return cls(kind, found[1], attributes)
        return cls(OldKind.UNKNOWN, f"{partition} {sort}", attributes)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The fields in `Data`; empty without such a map."""
        found: object = decode({"Data": self.attributes.get("Data", {"M": {}})})["Data"]
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    @property
    def status(self) -> str:
        """The text of the attribute `Status`; empty without one."""
        return self.attributes.get("Status", {}).get("S", "")

    @property
    def digest(self) -> bytes:
        """A digest of all attributes, to recognise a change."""
        text = json.dumps(self.attributes, sort_keys=True, default=repr)
        return hashlib.blake2b(text.encode(), digest_size=16).digest()
