"""Conversion of an old item of content to an item of this project, with everything kept."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portfolio.migration.layout import OldKind
from portfolio.migration.repairs import Repairs, SkippedError, fit, read_time, shown
from src.api.kinds import KINDS
from src.models.content import Content, SluggedContent, Status
from src.models.text import make_slug
from src.models.times import format_exact
from src.repositories.content_index import is_content_id, is_slug

if TYPE_CHECKING:
    from portfolio.migration.layout import OldItem
    from src.api.content import ContentApi
    from src.models.content import ContentInput

APIS: Final[Mapping[str, "ContentApi[Any]"]] = {api.content_type: api for api in KINDS}
"""The kinds of content by their names in analytics, the same in both APIs."""

API_OF: Final[Mapping[OldKind, "ContentApi[Any]"]] = {
    OldKind.POST: APIS["blog"],
    OldKind.PROJECT: APIS["project"],
    OldKind.CERTIFICATION: APIS["certification"],
}
"""The kinds of content by their kinds in the old table."""

_SERVER_SET: Final = frozenset(
    {"id", "slug", "readTime", "publishedAt", "createdAt", "updatedAt", "Status"}
)
"""Old fields set by the server. `Status` is an extra of the old publishing."""

_SLUG_LENGTH: Final = 190
"""Limit of a slug: a suffix must fit into 200 characters."""


class _Times(NamedTuple):
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class Converted:
    """An item to store, with its repairs."""

    api: "ContentApi[Any]"
    old: "OldItem"
    item: Content
    repairs: Repairs

    @property
    def id(self) -> str:
        """The item's id, the same in both tables."""
        return self.item.id

    def with_slug(self, slug: str) -> "Converted":
        """Return the item with another slug, because its own is taken."""
        self.repairs.note("slug", self.old.data.get("slug"), f"is taken, so it is {slug} now")
        item = self.item.model_copy(update={"slug": slug})
        return Converted(self.api, self.old, item, self.repairs)

    def digests(self, stored: Content) -> tuple[str, str]:
        """Return digests of the fields in the old table and in the stored item.

        Repaired fields are left out: the report has their old values.
        """
        old, new = _old_values(self), stored.model_dump(mode="python", by_alias=True)
        names = sorted(old.keys() - self.repairs.reasons.keys())
        return _digest({name: old[name] for name in names}), _digest(
            {name: new[name] for name in names}
        )


def convert(old: "OldItem") -> Converted:
    """Convert an old item.

    Raises:
        SkippedError: if it cannot be carried over.
    """
    api, data, repairs = API_OF[old.kind], old.data, Repairs()
    if not data:
        raise SkippedError("it has no map Data with fields")
    if not is_content_id(old.id):
        raise SkippedError(f"id: {shown(old.id)} is not the text of a UUID, version 4")
    if data.get("id") not in {None, old.id}:
        repairs.note("id", data["id"], f"is not the id in the key, so it is {old.id}")
    times = _times(old, repairs)
    body = _body(api.create, data, repairs)
    draft = api.kind.model.draft(old.id, fit(api.create, body, repairs), times.created_at)
    item = draft.model_copy(update={**times._asdict(), "status": _status(old, repairs)})
    if isinstance(item, SluggedContent):
        item = item.model_copy(update={"slug": _slug(data.get("slug"), item.slug, repairs)})
    converted = Converted(api, old, item, repairs)
    _note_changes(converted)
    return converted


def _body(model: type["ContentInput"], data: Mapping[str, Any], repairs: Repairs) -> dict[str, Any]:
    names = [field.alias or name for name, field in model.model_fields.items()]
    for name in data.keys() - set(names) - _SERVER_SET:
        if data[name] is not None:
            repairs.note(name, data[name], "has no field here")
    return {name: data[name] for name in names if name in data}


def _status(old: "OldItem", repairs: Repairs) -> Status:
    try:
        status = Status(old.status.upper())
    except ValueError:
        status = Status.DRAFT
    if status != old.status:
        repairs.note("status", old.status, f"is not a status, so it is {status}")
    return status


def _times(old: "OldItem", repairs: Repairs) -> "_Times":
    """Return creation, update and publication; a broken time is taken from another one."""
    found = {name: _time(old.data.get(name)) for name in ("createdAt", "updatedAt", "publishedAt")}
    created = found["createdAt"] or found["publishedAt"] or found["updatedAt"]
    if created is None:
        raise SkippedError(f"createdAt: {shown(old.data.get('createdAt'))} is not a time")
    published = found["publishedAt"]
    # Only old posts have the time of their publication.
    if published is None and old.status.upper() == Status.PUBLISHED:
        published = created
    times: dict[str, datetime | None] = {
        "createdAt": created,
        "updatedAt": found["updatedAt"] or created,
    }
    if old.kind is OldKind.POST:
        times["publishedAt"] = published
    for name, moment in times.items():
        if moment != found[name]:
            reason = f"is not a time, so it is {moment and format_exact(moment)}"
            repairs.note(name, old.data.get(name), reason)
    return _Times(created, found["updatedAt"] or created, published)


def _time(value: object) -> datetime | None:
    try:
        return read_time(value)
    except ValueError:
        return None


def _slug(old: object, made: str, repairs: Repairs) -> str:
    """Return the old slug; one without ASCII is spelled in ASCII, as in a new post."""
    if isinstance(old, str) and is_slug(old) and len(old) <= _SLUG_LENGTH:
        return old
    slug = make_slug(old) if isinstance(old, str) and old.strip() else made
    repairs.note("slug", old, f"is not a slug here, so it is {slug}")
    return slug


def _note_changes(converted: Converted) -> None:
    """Note the fields that differ although no rule was broken."""
    new = converted.item.model_dump(mode="python", by_alias=True)
    for name, value in _old_values(converted).items():
        if _canonical(value) != _canonical(new[name]):
            old = converted.old.data.get(name)
            reason = "was unset" if old in (None, "") else "was tidied"
            converted.repairs.note(name, old, f"{reason}, so it is {shown(_canonical(new[name]))}")


def _old_values(converted: Converted) -> dict[str, Any]:
    """Return the fields as the old table has them, by their names here."""
    data, model = converted.old.data, converted.api.create
    names = [field.alias or name for name, field in model.model_fields.items()]
    values: dict[str, Any] = {name: data.get(name) or None for name in names}
    for name in ("tags", "tech"):
        if name in values:
            values[name] = data.get(name) or []
    if "featured" in values:
        values["featured"] = data.get("featured") or False
    values |= {"id": converted.old.id, "status": converted.old.status}
    values |= {name: _time(data.get(name)) for name in ("createdAt", "updatedAt")}
    if converted.old.kind is OldKind.POST:
        values |= {"slug": data.get("slug"), "publishedAt": _time(data.get("publishedAt"))}
    return values


def _digest(fields: Mapping[str, Any]) -> str:
    text = json.dumps({name: _canonical(value) for name, value in fields.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, datetime):
        return format_exact(value)
    return value.isoformat() if isinstance(value, date) else value
