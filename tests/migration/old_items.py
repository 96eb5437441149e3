"""Made-up items of the SAM deployment's table, with every quirk of its code."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from src import SITE
from src.repositories.attributes import encode

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import WriteRequestUnionTypeDef

    type OldAttributes = dict[str, Any]

_START: Final = datetime(2024, 1, 1, 9, 30, tzinfo=UTC)
_WRITTEN_AT_ONCE: Final = 25


@dataclass(frozen=True)
class Quirk:
    """Changed fields of an item, and the words of the report about it."""

    changes: dict[str, Any]
    repaired: str | None = None
    skipped: str | None = None
    drop: tuple[str, ...] = ()
    status: str | None = None


POST_QUIRKS: Final = (
    Quirk({"slug": "a-slug-taken"}),
    Quirk({"slug": "a-slug-taken"}, repaired="slug: "),
    Quirk({"slug": "été-à-paris"}, repaired="ete-a-paris"),
    Quirk({"slug": "", "title": "Ein Titel"}, repaired="ein-titel"),
    Quirk({"slug": "x" * 250}, repaired="is not a slug here"),
    Quirk({"tags": ["", "aws", "aws", "  go "]}, repaired="tags: "),
    Quirk({"tags": [f"tag {number}" for number in range(30)]}, repaired="at most 20 items"),
    Quirk({"tags": ["t" * 80]}, repaired="at most 50 characters"),
    Quirk({"tags": None}),
    Quirk({"title": "  Blanks  "}, repaired="title: "),
    Quirk({"title": "T" * 300}, repaired="at most 200 characters"),
    Quirk({"title": " "}, skipped="title: "),
    Quirk({"content": "é" * 150_001}, skipped="at most 300,000 bytes"),
    Quirk({"content": "  # Kept as it is\n\nText → text. e\u0301\n"}, repaired="content: "),
    Quirk({"excerpt": "E" * 900}, repaired="at most 500 characters"),
    Quirk({"excerpt": ""}, repaired="excerpt: "),
    Quirk({"category": ""}, repaired="General"),
    Quirk({"category": "C" * 700}, repaired="at most 100 characters"),
    Quirk({"publishedAt": None}, repaired="publishedAt: ", status="PUBLISHED"),
    Quirk({"publishedAt": None}, status="DRAFT"),
    Quirk({"createdAt": "yesterday"}, repaired='createdAt: "yesterday" is not a time'),
    Quirk({}, drop=("updatedAt",), repaired="updatedAt: "),
    Quirk(
        {"createdAt": "?", "updatedAt": "?", "publishedAt": None},
        skipped="createdAt: ",
        status="DRAFT",
    ),
    Quirk({"id": "another"}, repaired="id: "),
    Quirk({"coverImage": "cover.png"}, repaired="has no field here"),
    Quirk({"createdAt": "2024-03-01T08:00:00.5"}),
    Quirk({"createdAt": "2024-03-01T08:00:00.5+05:30"}),
    Quirk({}, status="ARCHIVED", repaired="status: "),
)

PROJECT_QUIRKS: Final = (
    Quirk({"longDescription": "", "company": None}),
    Quirk({"githubUrl": None, "liveUrl": f"https://{SITE}/"}),
    Quirk({"liveUrl": "not a URL"}, repaired='liveUrl: "not a URL" is left out'),
    Quirk({"imageUrl": "data:image/png;base64,iVBORw0KGgo="}),
    Quirk({"imageUrl": f"data:image/png;base64,{'A' * 260_000}"}, repaired="imageUrl: "),
    Quirk({"longDescription": "é" * 60_000}, skipped="longDescription: "),
    Quirk({"description": "D" * 800}, repaired="at most 500 characters"),
    Quirk({"description": ""}, skipped="description: "),
    Quirk({"featured": "yes"}, repaired="featured: "),
    Quirk({}, drop=("featured", "tech")),
)

CERTIFICATION_QUIRKS: Final = (
    Quirk({"dateEarned": "invalid-date", "type": "InvalidType"}, skipped="is not a date"),
    Quirk({"type": "InvalidType"}, skipped='type: "InvalidType"'),
    Quirk({"type": "Course"}, repaired="lower case"),
    Quirk({"type": "course", "dateEarned": "2024-02-29"}),
    Quirk({"dateEarned": "2025-12-24T23:00:00.123456+00:00"}, repaired="its day is 2025-12-24"),
    Quirk({"dateEarned": "2023-02-29"}, skipped="dateEarned: "),
    Quirk({}, drop=("dateEarned",), repaired="dateEarned: "),
    Quirk({"icon": "a very long icon"}, repaired="icon: "),
    Quirk({"icon": "🏆", "credentialUrl": "https://example.org/c/1"}),
    Quirk({"description": "D" * 3000}, repaired="at most 2,000 characters"),
)

_KINDS: Final = {
    "BLOG": ("BLOG", POST_QUIRKS, "blog"),
    "PROJECT": ("PROJECT", PROJECT_QUIRKS, "project"),
    "CERT": ("CERTIFICATION", CERTIFICATION_QUIRKS, "certification"),
}


@dataclass(frozen=True)
class OldTableContent:
    """The items of an old table, and what the report must say of them."""

    items: list["OldAttributes"]
    quirks: dict[str, Quirk]
    """Quirks by the id of their item."""

    views: dict[str, dict[str, int]]
    """Views by type and id, of existing items."""

    days: dict[str, int]
    total: int


def make_content(size: int, seed: int = 18) -> OldTableContent:
    """Make a table's content: each quirk once, and plain items, counters and sessions."""
    rng = random.Random(seed)  # noqa: S311 - made-up data
    quirks: dict[str, Quirk] = {}
    items: list[OldAttributes] = []
    views: dict[str, dict[str, int]] = {"blog": {}, "project": {}, "certification": {}}
    # Half of the items are content; the rest are counters and sessions.
    plain = max(0, size // 2 - sum(len(each) for _, each, _ in _KINDS.values())) // 3
    for prefix, (entity, all_quirks, content_type) in _KINDS.items():
        for number, quirk in enumerate([*all_quirks, *[Quirk({})] * plain]):
            item_id = str(uuid.UUID(int=rng.getrandbits(128), version=4))
            moment = _START + timedelta(minutes=61 * number, microseconds=number * 7919 % 999_983)
            status = quirk.status or ("DRAFT" if number % 3 == 2 else "PUBLISHED")
            fields = _FIELDS[prefix](item_id, moment, number, status)
            items.append(_content((prefix, entity), item_id, {**fields, "Status": status}, quirk))
            quirks[item_id] = quirk
            views[content_type][item_id] = rng.randrange(1, 500)
            items.append(_views(content_type, item_id, views[content_type][item_id]))
    days = {
        f"{_START + timedelta(days=day):%Y-%m-%d}": rng.randrange(1, 90)
        for day in range(size // 12)
    }
    items += [_day(day, count) for day, count in days.items()]
    total = sum(days.values()) + 1000
    items += list(_others(total, rng))
    items += [_session(number) for number in range(size - len(items))]
    rng.shuffle(items)
    return OldTableContent(items, quirks, views, days, total)


def put_items(dynamodb: "DynamoDBClient", table: str, items: list["OldAttributes"]) -> None:
    """Write items in DynamoDB JSON into a table."""
    for batch in batched(items, _WRITTEN_AT_ONCE):
        requests: list[WriteRequestUnionTypeDef] = [
            {"PutRequest": {"Item": item}} for item in batch
        ]
        dynamodb.batch_write_item(RequestItems={table: requests})


def _content(
    kind: tuple[str, str], item_id: str, fields: dict[str, Any], quirk: Quirk
) -> "OldAttributes":
    (prefix, entity), status = kind, fields["Status"]
    changed = {**fields, **quirk.changes}
    data = {name: value for name, value in changed.items() if name not in quirk.drop}
    if status != "PUBLISHED":
        # Publishing writes it, and nothing else does.
        del data["Status"]
    return encode(
        {
            "PK": f"{prefix}#{item_id}",
            "SK": "METADATA",
            # Out of date, as after a change of type or date.
            "GSI1PK": f"{prefix}#STATUS#{status}#stale",
            "GSI1SK": f"{prefix}#{fields['createdAt']}",
            "EntityType": entity,
            "Status": status,
            "Data": data,
        }
    )


def _post(item_id: str, moment: datetime, number: int, status: str) -> dict[str, Any]:
    later = (moment + timedelta(hours=2)).isoformat(timespec="microseconds")
    return {
        **_times(item_id, moment),
        "slug": f"a-made-up-post-{number}",
        "title": f"A made-up post {number}",
        "excerpt": "Short.",
        "content": f"# Hello {number}\n\nText → text.",
        "category": ("Cloud", "Backend")[number % 2],
        "tags": ["aws", f"tag-{number % 7}"],
        "readTime": 1,
        "publishedAt": later if status == "PUBLISHED" else None,
    }


def _project(item_id: str, moment: datetime, number: int, _status: str) -> dict[str, Any]:
    return {
        **_times(item_id, moment),
        "name": f"A made-up project {number}",
        "description": "One line.",
        "longDescription": None,
        "tech": ["Python", "AWS"],
        "company": "Example Ltd",
        "featured": number % 2 == 0,
        "githubUrl": "https://github.com/example/example",
    }


def _certification(item_id: str, moment: datetime, number: int, _status: str) -> dict[str, Any]:
    return {
        **_times(item_id, moment),
        "name": f"A made-up certificate {number}",
        "issuer": "Example Institute",
        "icon": None,
        "type": "certification",
        "featured": False,
        "description": None,
        "dateEarned": f"{moment:%Y-%m-%d}",
    }


_FIELDS: Final = {"BLOG": _post, "PROJECT": _project, "CERT": _certification}


def _times(item_id: str, moment: datetime) -> dict[str, Any]:
    return {
        "id": item_id,
        "createdAt": moment.isoformat(timespec="microseconds"),
        "updatedAt": (moment + timedelta(hours=2)).isoformat(timespec="microseconds"),
    }


def _views(content_type: str, item_id: str, count: int) -> "OldAttributes":
    data = {"contentId": item_id, "contentType": content_type, "viewCount": count}
    key = {"PK": f"ANALYTICS#{content_type}#{item_id}", "SK": "VIEWS"}
    return encode({**key, "EntityType": "ANALYTICS_VIEW", "Data": data})


def _day(day: str, count: int) -> "OldAttributes":
    key = {"PK": f"VISITOR#DAILY#{day}", "SK": "COUNT"}
    return encode({**key, "EntityType": "VISITOR_DAILY", "Data": {"date": day, "count": count}})


def _session(number: int) -> "OldAttributes":
    session = uuid.UUID(int=number, version=4)
    expires = {"ExpiresAt": 1767484800}
    if number % 2:
        key = {"PK": f"VISITOR#SESSION#{session}", "SK": "TRACKED"}
        return encode({**key, **expires, "EntityType": "VISITOR_SESSION", "Data": {}})
    key = {"PK": f"ANALYTICS#SESSION#{session}", "SK": f"blog#{session}"}
    return encode({**key, **expires, "EntityType": "ANALYTICS_SESSION", "Data": {}})


def _others(total: int, rng: random.Random) -> Iterator["OldAttributes"]:
    """Yield totals, counts that are counted again, and items that nothing can be made of."""
    data: dict[str, Any] = {"totalCount": total, "lastUpdated": "2026-01-02T08:00:00.000000+00:00"}
    yield encode({"PK": "VISITOR#TOTAL", "SK": "COUNT", "Data": data})
    yield encode({"PK": "ANALYTICS#TOTAL", "SK": "VIEWS", "Data": {"totalViews": 99_999}})
    for category in ("Cloud", "Backend"):
        yield encode({"PK": f"BLOG#CATEGORY#{category}", "SK": "COUNT", "Data": {"count": 7}})
    yield encode({"PK": "VISITOR#MONTHLY#2024-01", "SK": "COUNT", "Data": {"count": 7}})
    yield _views("blog", str(uuid.UUID(int=rng.getrandbits(128), version=4)), 3)
    yield _views("page", "home", 3)
    yield _day("yesterday", 1)
    yield encode({"PK": "COMMENT#1", "SK": "METADATA", "EntityType": "COMMENT", "Data": {}})
    yield encode(
        {"PK": "BLOG#not-a-uuid", "SK": "METADATA", "Status": "DRAFT", "Data": {"id": "x"}}
    )
    yield encode({"PK": f"BLOG#{uuid.UUID(int=7, version=4)}", "SK": "METADATA", "Status": "DRAFT"})
