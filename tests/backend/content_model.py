"""Content, its lists and its views as a dictionary in memory, and as the table then holds them.

A kind of the backend's registry that is missing here gets values made from its schema, if it has
no fields of the server beyond those of every kind.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, cast

from hypothesis import strategies as st

from src.api.content import ContentApi
from src.api.kinds import KINDS as REGISTRY
from src.models.certification import CertificationCreate, CertificationQuery, CertificationUpdate
from src.models.content import Content, ContentInput, ListQuery, SluggedContent
from src.models.post import PostCreate, PostQuery, PostUpdate
from src.models.project import ProjectCreate, ProjectQuery, ProjectUpdate
from src.repositories.certifications import CERTIFICATIONS
from src.repositories.content_index import (
    ContentKind,
    index_entries,
    item_counts,
    item_key,
    slug_key,
)
from src.repositories.posts import POSTS
from src.repositories.projects import PROJECTS
from src.repositories.shards import Place, ShardedCount, place_of
from src.repositories.table import Item, Key
from tests.backend.field_values import body_values

type Json = dict[str, Any]
type Strategies = Mapping[str, st.SearchStrategy[Any]]

VALUES: Final = ["x", "y", "x#y", "y#x", "X", "é", "🎉", "status", "a b"]
"""Values that facets could confuse: our own separator, DynamoDB's words, letters like others."""

SLUGS: Final = {"Hello": "hello", "-Hello!": "hello", "Slug": "slug", "É": "e", "🎉": "post"}
"""Titles, and the slug of each where it is not taken."""

READ_TIMES: Final = {"word": "1 min read", "one word " * 100 + "more": "2 min read"}
"""Contents, and how long they take to read."""

NOTHING: Final[Json] = {}


@dataclass(frozen=True)
class KindOfContent:
    """A kind as the API uses it, and the values that a test may send."""

    kind: ContentKind[Any]
    create: type[ContentInput]
    update: type[ContentInput]
    query: type[ListQuery]
    required: Strategies
    optional: Strategies
    defaults: Callable[[Json, datetime], Json]
    """Function for the values of unset fields, from the item's fields; others are null."""

    filters: Strategies
    published_order: Callable[[Json], object]
    """Value by which published items are sorted, the greatest first."""

    @property
    def bodies(self) -> st.SearchStrategy[Json]:
        return st.fixed_dictionaries(dict(self.required), optional=dict(self.optional))

    @property
    def changes(self) -> st.SearchStrategy[Json]:
        return st.fixed_dictionaries({}, optional={**self.required, **self.optional})

    @property
    def queries(self) -> st.SearchStrategy[Json]:
        statuses = {"status": st.sampled_from(["published", "draft", "all"])}
        pages = {"limit": st.integers(1, 4), "offset": st.integers(0, 4)}
        return st.fixed_dictionaries({}, optional={**statuses, **pages, **self.filters})


def _by(*names: str) -> Callable[[Json], object]:
    return lambda item: [item[name] for name in names]


def _or_unset(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, "", *values])


_VALUE: Final = st.sampled_from(VALUES)
_UNSET_OR_VALUE: Final = _or_unset(*VALUES)
_TEXTS: Final = st.none() | st.lists(st.sampled_from(["", " ", " x", *VALUES]), max_size=4)
_SWITCH: Final = st.sampled_from([None, False, True])
_URL: Final = _or_unset("https://example.com/a", "HTTP://example.com?b#c")
_TYPES: Final = ("certification", "course")

_KNOWN: Final = [
    KindOfContent(
        kind=POSTS,
        create=PostCreate,
        update=PostUpdate,
        query=PostQuery,
        required={
            "title": st.sampled_from(list(SLUGS)),
            "content": st.sampled_from(list(READ_TIMES)),
        },
        optional={"excerpt": _UNSET_OR_VALUE, "category": _UNSET_OR_VALUE, "tags": _TEXTS},
        defaults=lambda item, _now: {
            "excerpt": item["title"],
            "category": "General",
            "tags": [],
        },
        filters={"category": _VALUE, "tag": _VALUE},
        published_order=_by("publishedAt"),
    ),
    KindOfContent(
        kind=PROJECTS,
        create=ProjectCreate,
        update=ProjectUpdate,
        query=ProjectQuery,
        required={"name": _VALUE, "description": _VALUE},
        optional={
            "longDescription": _UNSET_OR_VALUE,
            "tech": _TEXTS,
            "company": _UNSET_OR_VALUE,
            "featured": _SWITCH,
            "githubUrl": _URL,
            "liveUrl": _URL,
            "imageUrl": _URL,
        },
        defaults=lambda _item, _now: {"tech": [], "featured": False},
        filters={"featured": st.booleans(), "technology": _VALUE},
        published_order=_by("createdAt"),
    ),
    KindOfContent(
        kind=CERTIFICATIONS,
        create=CertificationCreate,
        update=CertificationUpdate,
        query=CertificationQuery,
        required={"name": _VALUE, "issuer": _VALUE},
        optional={
            "type": _or_unset(*_TYPES),
            "dateEarned": _or_unset("2025-12-31", "2026-01-31", "2026-02-01"),
            "expiry_date": _or_unset("2028-12-31"),
            "icon": _UNSET_OR_VALUE,
            "featured": _SWITCH,
            "description": _UNSET_OR_VALUE,
            "credentialUrl": _URL,
        },
        defaults=lambda _item, now: {
            "type": "certification",
            "dateEarned": f"{now:%Y-%m-%d}",
            "featured": False,
        },
        filters={
            "type": st.sampled_from([*_TYPES, "other"]),
            "issuer": _VALUE,
            "featured": st.booleans(),
        },
        published_order=_by("dateEarned", "createdAt"),
    ),
]


def _further_kinds() -> Iterator[KindOfContent]:
    known = {of.kind.name for of in _KNOWN}
    for api in REGISTRY:
        sent = {field.alias for field in api.create.model_fields.values()}
        read = {field.alias for field in api.kind.model.model_fields.values()}
        shared = {field.alias for field in Content.model_fields.values()}
        # A field that the server adds follows a rule of its own.
        is_plain = sent == read - shared
        if api.kind.name not in known and is_plain:
            yield _make_kind(api)


def _make_kind(api: ContentApi[Any]) -> KindOfContent:
    body = body_values(api)
    required = {name: st.sampled_from(each.valid) for name, each in body.required.items()}
    optional = {
        name: st.sampled_from([*each.unset, *each.valid]) for name, each in body.optional.items()
    }
    fields = {name: st.sampled_from(each.valid) for name, each in body.fields.items()}
    filters = api.query.model_fields.keys() - ListQuery.model_fields.keys()
    return KindOfContent(
        kind=api.kind,
        create=api.create,
        update=api.update,
        query=api.query,
        required=required,
        optional=optional,
        defaults=partial(_defaults, api, body.required),
        filters={name: fields[name] for name in filters & fields.keys()},
        published_order=lambda item: api.kind.published_order(api.kind.model.model_validate(item)),
    )


UNSET: Final[tuple[object, ...]] = (None, "", [])
"""Values sent for an unset field; 0 and false are values."""


def _defaults(
    api: ContentApi[Any], required: Mapping[str, object], item: Json, now: datetime
) -> Json:
    """Return the values of unset fields, as the kind's own model has them."""
    sent = api.create.model_validate({name: item[name] for name in required})
    draft = as_json(api.kind.model.draft("id", sent, now))
    return {name: value for name, value in draft.items() if name not in required}


KINDS: Final = [*_KNOWN, *_further_kinds()]


@dataclass
class ContentModel:
    """One kind's items as clients see them."""

    of: KindOfContent
    items: dict[str, Json] = field(default_factory=dict[str, Json])

    def create(self, content_id: str, body: Json, now: datetime) -> None:
        sent = {**dict.fromkeys(self.of.optional), **body}
        self.items[content_id] = {
            **self._stored(sent, sent, now),
            **self._derived(body),
            **self._slug(content_id, body),
            "id": content_id,
            "status": "DRAFT",
            "createdAt": _text(now),
            "updatedAt": _text(now),
            "publishedAt": None,
        }

    def edit(self, content_id: str, changes: Json, now: datetime) -> None:
        if changes:
            item = self.items[content_id]
            item |= {
                **self._stored(changes, item | changes, now),
                **self._derived(changes),
                "updatedAt": _text(now),
            }

    def set_status(self, content_id: str, status: str, now: datetime) -> None:
        item = self.items[content_id]
        if item["status"] != status:
            item |= {"status": status, "updatedAt": _text(now)}
            if status == "PUBLISHED" and item["publishedAt"] is None:
                item["publishedAt"] = _text(now)

    def page(self, query: Json) -> tuple[list[Json], int]:
        """Return the items of a page, and the number of matches."""
        status = query.get("status", "published")
        filters = query.keys() & self.of.filters.keys()
        order = self.of.published_order if status == "published" else _by("updatedAt")
        found = [
            item
            for item in self.items.values()
            if status in {"all", item["status"].lower()}
            and all(_has(item, name, query[name]) for name in filters)
        ]
        found.sort(key=lambda item: (order(item), item["id"]), reverse=True)
        offset, limit = query.get("offset", 0), query.get("limit", 100)
        return found[offset : offset + limit], len(found)

    def published_values(self, name: str) -> dict[str, int]:
        """Return the values of a filter among published items, as texts, and their numbers."""
        published = [item for item in self.items.values() if item["status"] == "PUBLISHED"]
        values = Counter(value for item in published for value in _values(item, name))
        # As JSON has them: `true`, where Python has `True`.
        texts = {
            value if isinstance(value, str) else json.dumps(value): number
            for value, number in values.items()
        }
        return dict(sorted(texts.items()))

    def _stored(self, sent: Json, item: Json, now: datetime) -> Json:
        """Return the values sent as an item has them, where `item` has all its fields."""
        defaults = self.of.defaults(item, now)
        tidied = {name: _tidy_list(value) for name, value in sent.items()}
        return {
            name: defaults.get(name) if value in UNSET else value for name, value in tidied.items()
        }

    def _slug(self, content_id: str, body: Json) -> Json:
        if self.of.kind is not POSTS:
            return NOTHING
        slug = SLUGS[body["title"]]
        taken = {item["slug"] for item in self.items.values()}
        return {"slug": f"{slug}-{content_id[:8]}" if slug in taken else slug}

    def _derived(self, body: Json) -> Json:
        return {"readTime": READ_TIMES[body["content"]]} if "content" in body else NOTHING


@dataclass
class ViewModel:
    """The views of a kind's items, and until when each session's is counted."""

    views: dict[str, int] = field(default_factory=dict[str, int])
    by_place: Counter[tuple[str, Place]] = field(default_factory=Counter[tuple[str, Place]])
    counted_until: dict[tuple[str, str], datetime] = field(
        default_factory=dict[tuple[str, str], datetime]
    )
    deleted: set[str] = field(default_factory=set[str])

    def track(self, content_id: str, session: str, now: datetime, shards: int) -> tuple[int, bool]:
        """Return the item's views, and True if this one counted."""
        tracked = now >= self.counted_until.get((content_id, session), now)
        if tracked:
            self.counted_until[content_id, session] = now + timedelta(days=30)
            self.views[content_id] = self.views.get(content_id, 0) + 1
            self.by_place[content_id, place_of(session, shards)] += 1
        return self.views[content_id], tracked

    def delete(self, content_id: str) -> None:
        self.views.pop(content_id, None)
        self.deleted.add(content_id)


def as_json(item: Content) -> Json:
    return item.model_dump(mode="json")


def assert_table_holds(stored: dict[Key, Item], content: ContentModel, views: ViewModel) -> None:
    """Check that the table has the items with entries, slugs, counts, views and marks alone."""
    kind = content.of.kind
    found = {key: kind.model.model_validate(stored[key]) for key in stored if key[1] == "item"}
    items = {item.id: as_json(item) for item in found.values()}
    assert items == content.items
    assert found.keys() == {item_key(kind, content_id) for content_id in items}
    counted = {key: item for key, item in stored.items() if key[0] == f"{kind.name}#counts"}
    _assert_counted(counted, kind, list(found.values()))
    totals = {key: item for key, item in stored.items() if re.fullmatch(r"views(#\d)?", key[0])}
    assert sum(item["total"] for item in totals.values()) == sum(views.views.values())
    marks = {(f"views#{kind.name}", content_id) for content_id in views.deleted}
    assert all(stored[key].keys() == {"expiresAt"} for key in marks)
    rest = stored.keys() - found.keys() - counted.keys() - totals.keys() - marks
    assert {key: stored[key] for key in rest} == {
        **_follows(kind, list(found.values())),
        **_viewed(kind, views),
    }


def _assert_counted(counted: dict[Key, Item], kind: ContentKind[Any], items: list[Any]) -> None:
    numbers = {
        (key, name): int(number) for key, item in counted.items() for name, number in item.items()
    }
    expected = sum((item_counts(kind, item) for item in items), Counter[tuple[Key, str]]())
    assert {name: number for name, number in numbers.items() if number} == expected
    # A value that no item has any more is not kept, or the counts would only ever grow.
    values = {(key, name.partition("#")[2]) for key, name in expected}
    kept = {(key, name.partition("#")[2]) for key, name in numbers if key[1] != "status"}
    assert kept <= values


def _follows(kind: ContentKind[Any], items: list[Any]) -> dict[Key, Item]:
    entries: dict[Key, Item] = {}
    for item in items:
        entries |= index_entries(kind, item)
        if isinstance(item, SluggedContent):
            entries[slug_key(kind, item.slug)] = {"id": item.id}
    return entries


def _viewed(kind: ContentKind[Any], views: ViewModel) -> dict[Key, Item]:
    markers = {
        (f"session#{session}", f"{kind.name}#{content_id}"): {"expiresAt": until.timestamp()}
        for (content_id, session), until in views.counted_until.items()
    }
    numbers = {(f"views#{kind.name}", each): {"views": n} for each, n in views.views.items()}
    counts = {
        content_id: ShardedCount(f"views#{kind.name}#{content_id}", "counted")
        for content_id, _ in views.by_place
    }
    shards = {
        counts[content_id].key(place): {"counted": count}
        for (content_id, place), count in views.by_place.items()
        if content_id in views.views
    }
    # They outlive a deletion.
    pointers = {
        counts[content_id].pointer(place): {"counted": 0}
        for content_id, place in views.by_place
        if place[0]
    }
    return {**markers, **numbers, **shards, **pointers}


def _has(item: Json, name: str, value: object) -> bool:
    return value in _values(item, name)


def _values(item: Json, name: str) -> Collection[Any]:
    """Return the values of an item for a filter."""
    lists = {"tag": "tags", "technology": "tech"}
    return set(item[lists[name]]) if name in lists else [item[name]]


def _tidy_list(value: Any) -> Any:
    """Return a list of texts without blank ones and repeats; other values stay as they are."""
    if not isinstance(value, list):
        return value
    texts = [text.strip() for text in cast("list[str]", value)]
    return list(dict.fromkeys(text for text in texts if text))


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
