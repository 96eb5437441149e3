"""The kinds of content: the fields of each, and the bounds of the fields.

`KINDS` has the kinds of the contract, written down here, and the others of the backend's registry
with values made from their schema. A new kind is tested before it is written down.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from src.api.content import ContentApi
from src.api.kinds import KINDS as REGISTRY
from tests.backend.field_values import (
    BLANK,
    CHOICE,
    DAY,
    EMPTY,
    NO_TEXTS,
    SWITCH,
    TEXT,
    TEXTS,
    UNUSUAL_TEXT,
    URL,
    URL_BOUND,
    Bound,
    FieldValues,
    body_values,
    characters,
    texts,
)

type _Item = Mapping[str, Any]

SERVER_KEYS: Final = frozenset({"id", "status", "createdAt", "updatedAt", "publishedAt"})


@dataclass(frozen=True)
class Kind:
    """A kind of content as the contract describes it."""

    content_type: str
    """Its name in analytics."""

    base: str
    top_key: str
    """Its key in the top list of analytics."""

    required: Mapping[str, FieldValues]
    optional: Mapping[str, FieldValues]
    defaults: Callable[[_Item], dict[str, Any]]
    """Function for the values of unset fields of an item just written; others are null."""

    server_keys: frozenset[str]
    order_keys: frozenset[str] = frozenset()
    """Fields in the order of published items."""

    @property
    def fields(self) -> dict[str, FieldValues]:
        return {**self.required, **self.optional}

    @property
    def changes(self) -> dict[str, Any]:
        """Another value for each field."""
        return {name: values.valid[-1] for name, values in self.fields.items()}

    @property
    def bounds(self) -> dict[str, tuple[Bound, ...]]:
        return {name: values.bounds for name, values in self.fields.items() if values.bounds}

    def body(self, **changes: Any) -> dict[str, Any]:
        """Return a body with every field."""
        return {name: values.valid[0] for name, values in self.fields.items()} | changes

    def least_body(self, **changes: Any) -> dict[str, Any]:
        """Return a body with the required fields alone."""
        return {name: values.valid[0] for name, values in self.required.items()} | changes

    def unset(self, item: _Item) -> dict[str, Any]:
        """Return the optional fields of an item just written, if all are unset."""
        return {**dict.fromkeys(self.optional), **self.defaults(item)}


def rounds[Value](values: Mapping[str, tuple[Value, ...]]) -> list[dict[str, Value]]:
    """Return the first values of all fields, then the second values, and so on."""
    longest = max(map(len, values.values()))
    return [
        {name: each[number] for name, each in values.items() if number < len(each)}
        for number in range(longest)
    ]


def _text(first: str, other: str, *bounds: Bound) -> FieldValues:
    return FieldValues([first, other], TEXT, BLANK, bounds)


def _long_text(limit: int, unset: tuple[Any, ...]) -> FieldValues:
    """Return values of a text with its blanks kept, and a limit in bytes."""
    bound = Bound("é" * (limit // 2), "é" * (limit // 2) + "x")
    return FieldValues([UNUSUAL_TEXT, " Longer than that.\n"], TEXT, unset, (bound,))


def _texts(limit: int, first: list[str], other: list[str]) -> FieldValues:
    return FieldValues([first, other], TEXTS, NO_TEXTS, texts(limit))


def _url(first: str, other: str) -> FieldValues:
    return FieldValues([first, other], URL, BLANK, (URL_BOUND,))


def _day(first: str, other: str) -> FieldValues:
    return FieldValues([first, other], DAY, BLANK)


_FEATURED: Final = FieldValues([False, True], SWITCH, (None,))

_PNG: Final = "data:image/png;base64,iVBORw0KGgo="

_BMP: Final = "data:image/x-bmp;base64,"

_IMAGE_URL: Final = FieldValues(
    ["https://example.com/image.png", _PNG],
    (
        *URL,
        *("data:text/html;base64,c3dvcmRmaXNo", "data:image/svg+xml,swordfish"),
        *("data:image/png;base64,", "data:image/png;base64,swordfish", f"{_PNG}AAAA"),
        *("data:image/png;base64,iVBORw0KGgo", "data:image/png;base64,iVBORw0K-_o="),
    ),
    BLANK,
    (
        Bound(f"{_BMP:A<250000}", f"{_BMP:A<250004}"),
        URL_BOUND,
    ),
)

POST: Final = Kind(
    content_type="blog",
    base="/blogs",
    top_key="blogs",
    required={
        "title": _text("A post of the contract's tests", "Another title", *characters(200)),
        "content": _long_text(300_000, BLANK),
    },
    optional={
        "excerpt": _text("Short.", "Shorter.", *characters(500)),
        "category": _text("Contract tests", "Other contract tests", *characters(100)),
        "tags": _texts(20, ["contract", "tests"], ["other"]),
    },
    defaults=lambda item: {"excerpt": item["title"], "category": "General", "tags": []},
    server_keys=SERVER_KEYS | {"slug", "readTime"},
)

PROJECT: Final = Kind(
    content_type="project",
    base="/projects",
    top_key="projects",
    required={
        "name": _text("A project of the contract's tests", "Another name", *characters(200)),
        "description": _text("Short.", "Shorter.", *characters(500)),
    },
    optional={
        "longDescription": _long_text(100_000, EMPTY),
        "tech": _texts(50, ["Python", "Pulumi"], ["Other"]),
        "company": _text("Contract tests", "Other contract tests", *characters(200)),
        "featured": _FEATURED,
        "githubUrl": _url("https://example.com/source", "http://example.com"),
        "liveUrl": _url("http://example.com:8080/live?page=1#top", "HTTPS://example.com"),
        "imageUrl": _IMAGE_URL,
    },
    defaults=lambda _item: {"tech": [], "featured": False},
    server_keys=SERVER_KEYS,
)

CERTIFICATION: Final = Kind(
    content_type="certification",
    base="/certifications",
    top_key="certifications",
    required={
        "name": _text("A certification of the contract's tests", "Another", *characters(200)),
        "issuer": _text("Contract tests", "Other contract tests", *characters(200)),
    },
    optional={
        "type": FieldValues(["certification", "course"], (*CHOICE, "Course"), BLANK),
        "dateEarned": _day("2024-02-29", "2023-12-31"),
        "expiry_date": _day("2028-02-29", "2027-12-31"),
        "icon": _text("🏅", "☁️", *characters(10)),
        "featured": _FEATURED,
        "description": _text(UNUSUAL_TEXT, "Longer than that.", *characters(2_000)),
        "credentialUrl": _url("https://example.com/credential", "http://example.com"),
    },
    defaults=lambda item: {
        "type": "certification",
        "dateEarned": item["updatedAt"][:10],
        "featured": False,
    },
    server_keys=SERVER_KEYS,
    order_keys=frozenset({"dateEarned"}),
)

_CONTRACT: Final = (POST, PROJECT, CERTIFICATION)


def _further_kinds() -> Iterator[Kind]:
    known = {kind.content_type for kind in _CONTRACT}
    return (_make_kind(api) for api in REGISTRY if api.content_type not in known)


def _make_kind(api: ContentApi[Any]) -> Kind:
    body = body_values(api)
    keys = {field.alias or name for name, field in api.kind.model.model_fields.items()}
    return Kind(
        content_type=api.content_type,
        base=api.path,
        top_key=api.top_key,
        required=body.required,
        optional=body.optional,
        defaults=_defaults(api, body.required),
        server_keys=frozenset(keys - body.fields.keys()),
        order_keys=_order_keys(api, body.fields),
    )


def _defaults(
    api: ContentApi[Any], required: Mapping[str, FieldValues]
) -> Callable[[_Item], dict[str, Any]]:
    """Return a function for the values of unset fields, as the kind's own model has them."""

    def defaults(item: _Item) -> dict[str, Any]:
        sent = api.create.model_validate({name: item[name] for name in required})
        draft = api.kind.model.draft("id", sent, datetime.fromisoformat(item["updatedAt"]))
        read: dict[str, Any] = draft.model_dump(mode="json")
        names = {field.alias for field in api.create.model_fields.values()} - required.keys()
        return {name: value for name, value in read.items() if name in names}

    return defaults


def _order_keys(api: ContentApi[Any], fields: Mapping[str, FieldValues]) -> frozenset[str]:
    """Return the fields that matter to the order of published items."""
    now = datetime.now(UTC)
    sent = {name: values.valid[0] for name, values in fields.items()}
    item = api.kind.model.draft("id", api.create.model_validate(sent), now)
    order = api.kind.published_order(item)
    return frozenset(
        name
        for name, values in fields.items()
        for changed in [item.edit(api.update.model_validate({name: values.valid[-1]}), now)]
        if api.kind.published_order(changed) != order
    )


FURTHER: Final = tuple(_further_kinds())
"""The kinds of the registry that are not written down here."""

KINDS: Final = (*_CONTRACT, *FURTHER)
