"""The content, visits and views of a stage of some size."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from src.api.content import ContentApi
from src.api.kinds import KINDS
from src.models.content import SluggedContent
from src.repositories.content import ContentRepository
from src.repositories.shards import SHARDS, shard_of
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from tests.backend.field_values import BodyValues, body_values

PAGE: Final = 2
"""Number of items in a page: every filter matches as many at the smallest size."""

TAGS: Final = tuple(f"tag {number}" for number in range(5))
CATEGORIES: Final = ("Cloud", "Python")
_DAYS_BETWEEN_VISITS: Final = 28
_DAYS_WITH_VISITS: Final = 10

# A session for each shard.
_CROWD: Final = tuple(
    {shard_of(session): session for session in map("crowd {}".format, range(20 * SHARDS))}.values()
)


class Clock:
    """Goes on by a minute each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        self.now += timedelta(minutes=1)
        return self.now


def item_body(api: ContentApi[Any], number: int, tags: Sequence[str] = TAGS) -> dict[str, Any]:
    """Return the body that creates the item of this number; about 2 KB for a known kind."""
    bodies: dict[str, dict[str, Any]] = {
        "post": {
            "title": f"Post {number:06}",
            "excerpt": "What a quiet API costs.",
            "content": "word " * 400,
            "category": CATEGORIES[number % 2],
            "tags": [tags[number % len(tags)], tags[(number + 1) % len(tags)]],
        },
        "project": {
            "name": f"Project {number:06}",
            "description": "The API behind this site.",
            "longDescription": "word " * 400,
            "tech": ["Python", "Pulumi"],
            "company": "Independent",
            "featured": number % 2 == 0,
        },
        "certification": {
            "name": f"Certification {number:06}",
            "issuer": "Amazon Web Services",
            "icon": "x",
            "type": ("certification", "course")[number % 2],
            "featured": number % 4 < PAGE,
            "description": "word " * 300,
            "dateEarned": f"2026-01-{number % 28 + 1:02}",
        },
    }
    return bodies.get(api.kind.name) or _further_body(body_values(api), number)


def _further_body(values: BodyValues, number: int) -> dict[str, Any]:
    """Return a body of an unknown kind; its first text names the item."""
    (name, _), *others = values.fields.items()
    body = {key: field.valid[number % len(field.valid)] for key, field in others}
    return {name: f"Item {number:06}", **body}


def fill(table: Table, size: int, tags: Sequence[str] = TAGS) -> dict[str, str]:
    """Give a table so many items of each kind, visits and views.

    Every second item is published and viewed once. The last one of each kind, and the site on every
    day with visits, see a crowd that uses all shards.

    Returns:
        The id of a published item by its kind, and the slug of the post.
    """
    clock = Clock()
    views = ViewRepository(table, clock)
    published: dict[str, str] = {}
    for api in KINDS:
        items = ContentRepository(api.kind, table, clock)
        for number in range(size):
            body = item_body(api, number // 2, tags)
            body |= {"title": f"Post {number:06}"} if "title" in body else {}
            item = items.create(api.create.model_validate(body))
            if number % 2 == 0:
                items.publish(item.id)
                views.track(api.kind, item.id, f"session {number:06}")
                published[api.kind.name] = item.id
                published |= {"slug": item.slug} if isinstance(item, SluggedContent) else {}
        for session in _CROWD:
            views.track(api.kind, published[api.kind.name], session)
    _fill_visits(table, size)
    return published


def _fill_visits(table: Table, size: int) -> None:
    clock, today = Clock(), datetime.now(UTC)
    visitors = VisitorRepository(table, clock)
    # The oldest first: a later visit of the same session would hide it.
    for number in reversed(range(_DAYS_WITH_VISITS)):
        sessions = [f"session {each:06}" for each in range(number, size, _DAYS_WITH_VISITS)]
        for session in (*_CROWD, *sessions):
            clock.now = today - timedelta(days=number * _DAYS_BETWEEN_VISITS)
            visitors.track(session)
