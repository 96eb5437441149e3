"""The kinds of content: the fields of each, and the bounds of the fields.

`KINDS` has the kinds of the contract, written down here, and the others of the backend's registry
with values made from their schema. A new kind is tested before it is written down.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from src.api.content import ContentApi
from src.api.kinds import KINDS as REGISTRY
from tests.backend.field_values import (
    DAY,
    SWITCH,
    TEXT,
    TEXTS,
    UNUSUAL_TEXT,
    URL,
    URL_BOUND,
    Bound,
    body_values,
    characters,
    texts,
)

SERVER_KEYS: Final = frozenset({"id", "status", "createdAt", "updatedAt"})


@dataclass(frozen=True)
class Kind:
    """A kind of content as the contract describes it."""

    content_type: str
    """Its name in analytics."""

    base: str
    top_key: str
    """Its key in the top list of analytics."""

    required: Mapping[str, Any]
    """A valid body."""

    changes: Mapping[str, Any]
    """Another value for each field."""

    optional: tuple[str, ...]
    server_keys: frozenset[str]
    bounds: Mapping[str, tuple[Bound, ...]]
    wrong: Mapping[str, tuple[Any, ...]]
    order_keys: frozenset[str] = frozenset()
    """Fields in the order of published items."""

    def body(self, **changes: Any) -> dict[str, Any]:
        return {**self.required, **changes}


def rounds[Value](values: Mapping[str, tuple[Value, ...]]) -> list[dict[str, Value]]:
    """Return the first values of all fields, then the second values, and so on."""
    longest = max(map(len, values.values()))
    return [
        {name: each[number] for name, each in values.items() if number < len(each)}
        for number in range(longest)
    ]


def _bytes(limit: int) -> tuple[Bound]:
    return (Bound("é" * (limit // 2), "é" * (limit // 2) + "x"),)


POST: Final = Kind(
    content_type="blog",
    base="/blogs",
    top_key="blogs",
    required={
        "title": "A post of the contract's tests",
        "excerpt": "Short.",
        "content": UNUSUAL_TEXT,
        "category": "Contract tests",
        "tags": ["contract", "tests"],
    },
    changes={
        "title": "Another title",
        "excerpt": "Shorter.",
        "content": "Longer than that.",
        "category": "Other contract tests",
        "tags": ["other"],
    },
    optional=(),
    server_keys=SERVER_KEYS | {"slug", "readTime", "publishedAt"},
    bounds={
        "title": characters(200),
        "excerpt": characters(500),
        "content": _bytes(300_000),
        "category": characters(100),
        "tags": texts(20),
    },
    wrong={
        "title": TEXT,
        "excerpt": TEXT,
        "content": TEXT,
        "category": TEXT,
        "tags": (*TEXTS, ["swordfish", "swordfish"]),
    },
)

PROJECT: Final = Kind(
    content_type="project",
    base="/projects",
    top_key="projects",
    required={
        "name": "A project of the contract's tests",
        "description": "Short.",
        "longDescription": UNUSUAL_TEXT,
        "tech": ["Python", "Pulumi"],
        "company": "Contract tests",
        "featured": False,
    },
    changes={
        "name": "Another name",
        "description": "Shorter.",
        "longDescription": "Longer than that.",
        "tech": ["Other"],
        "company": "Other contract tests",
        "featured": True,
        "githubUrl": "https://example.com/source",
        "liveUrl": "http://example.com:8080/live?page=1#top",
        "imageUrl": "https://example.com/image.png",
    },
    optional=("githubUrl", "liveUrl", "imageUrl"),
    server_keys=SERVER_KEYS,
    bounds={
        "name": characters(200),
        "description": characters(500),
        "longDescription": _bytes(100_000),
        "tech": texts(50),
        "company": characters(2_000),
        "githubUrl": (URL_BOUND,),
        "liveUrl": (URL_BOUND,),
        "imageUrl": (URL_BOUND,),
    },
    wrong={
        "name": TEXT,
        "description": TEXT,
        "longDescription": TEXT,
        "tech": TEXTS,
        "company": TEXT,
        "featured": SWITCH,
        "githubUrl": URL,
        "liveUrl": URL,
        "imageUrl": URL,
    },
)

CERTIFICATION: Final = Kind(
    content_type="certification",
    base="/certifications",
    top_key="certifications",
    required={
        "name": "A certification of the contract's tests",
        "issuer": "Contract tests",
        "icon": "🏅",
        "type": "certification",
        "featured": False,
        "description": UNUSUAL_TEXT,
        "dateEarned": "2024-02-29",
    },
    changes={
        "name": "Another name",
        "issuer": "Other contract tests",
        "icon": "☁️",
        "type": "course",
        "featured": True,
        "description": "Longer than that.",
        "credentialUrl": "https://example.com/credential",
        "dateEarned": "2023-12-31",
    },
    optional=("credentialUrl",),
    server_keys=SERVER_KEYS,
    bounds={
        "name": characters(200),
        "issuer": characters(2_000),
        "icon": characters(10),
        "description": characters(2_000),
        "credentialUrl": (URL_BOUND,),
    },
    wrong={
        "name": TEXT,
        "issuer": TEXT,
        "icon": TEXT,
        "type": ("", None, 7, "Course", "swordfish"),
        "featured": SWITCH,
        "description": TEXT,
        "credentialUrl": URL,
        "dateEarned": DAY,
    },
    order_keys=frozenset({"dateEarned"}),
)

_CONTRACT: Final = (POST, PROJECT, CERTIFICATION)


def _further_kinds() -> Iterator[Kind]:
    known = {kind.content_type for kind in _CONTRACT}
    return (_make_kind(api) for api in REGISTRY if api.content_type not in known)


def _make_kind(api: ContentApi[Any]) -> Kind:
    body = body_values(api)
    required = {name: values.valid[0] for name, values in body.required.items()}
    changes = {name: values.valid[-1] for name, values in body.fields.items()}
    keys = {field.alias or name for name, field in api.kind.model.model_fields.items()}
    return Kind(
        content_type=api.content_type,
        base=api.path,
        top_key=api.top_key,
        required=required,
        changes=changes,
        optional=tuple(body.nullable),
        server_keys=frozenset(keys - body.fields.keys()),
        bounds={name: values.bounds for name, values in body.fields.items() if values.bounds},
        wrong={name: values.wrong for name, values in body.fields.items()},
        order_keys=_order_keys(api, required, changes),
    )


def _order_keys(
    api: ContentApi[Any], required: dict[str, Any], changes: dict[str, Any]
) -> frozenset[str]:
    """Return the fields that matter to the order of published items."""
    now = datetime.now(UTC)
    item = api.kind.model.draft("id", api.create.model_validate(required), now)
    order = api.kind.published_order(item)
    return frozenset(
        name
        for name, value in changes.items()
        for changed in [item.edit(api.update.model_validate({name: value}), now)]
        if api.kind.published_order(changed) != order
    )


KINDS: Final = (*_CONTRACT, *_further_kinds())
