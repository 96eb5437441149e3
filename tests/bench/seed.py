"""The content, visits and views of a stage of some size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from src.models.certification import CertificationCreate
from src.models.content import ContentInput
from src.models.post import PostCreate
from src.models.project import ProjectCreate
from src.repositories.certifications import CERTIFICATIONS
from src.repositories.content import ContentRepository
from src.repositories.content_index import ContentKind
from src.repositories.posts import POSTS
from src.repositories.projects import PROJECTS
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository

PAGE: Final = 2
"""How many items a list is asked for: every filter matches as many at the smallest size."""

TAGS: Final = tuple(f"tag {number}" for number in range(5))
CATEGORIES: Final = ("Cloud", "Python")
_DAYS_BETWEEN_VISITS: Final = 28
_DAYS_WITH_VISITS: Final = 10


class Clock:
    """Goes on by a minute each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        self.now += timedelta(minutes=1)
        return self.now


@dataclass(frozen=True)
class ContentSeed:
    """How items of a kind are made."""

    kind: ContentKind[Any]
    path: str
    content_type: str
    model: type[ContentInput]


CONTENT: Final = (
    ContentSeed(POSTS, "/v1/blog/posts", "blog", PostCreate),
    ContentSeed(PROJECTS, "/v1/projects", "project", ProjectCreate),
    ContentSeed(CERTIFICATIONS, "/v1/certifications", "certification", CertificationCreate),
)


def item_body(kind: ContentKind[Any], number: int, tags: Sequence[str] = TAGS) -> dict[str, Any]:
    """What a client sends to create the item of this number; about 2 KB."""
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
    return bodies[kind.name]


def fill(table: Table, size: int, tags: Sequence[str] = TAGS) -> dict[str, str]:
    """Give a table so many items of each kind, visits and views.

    Every second item is published and viewed once.

    Returns:
        The id of a published item by its kind.
    """
    clock = Clock()
    views = ViewRepository(table, clock)
    published: dict[str, str] = {}
    for content in CONTENT:
        items = ContentRepository(content.kind, table, clock)
        for number in range(size):
            body = item_body(content.kind, number // 2, tags)
            body |= {"title": f"Post {number:06}"} if content.kind is POSTS else {}
            item = items.create(content.model.model_validate(body))
            if number % 2 == 0:
                items.publish(item.id)
                views.track(content.kind, item.id, f"session {number:06}")
                published[content.kind.name] = item.id
    _fill_visits(table, size)
    return published


def _fill_visits(table: Table, size: int) -> None:
    clock = Clock()
    visitors = VisitorRepository(table, clock)
    for number in range(size):
        ago = number % _DAYS_WITH_VISITS * _DAYS_BETWEEN_VISITS
        clock.now = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=ago)
        visitors.track(f"session {number:06}")
