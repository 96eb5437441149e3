"""Blog posts in the table: their filters and their order."""

from typing import Final

from src.models.content import Facet
from src.models.post import Post
from src.models.times import format_exact
from src.repositories.content_index import ContentKind


def _facets(post: Post) -> frozenset[Facet]:
    return frozenset({Facet("category", post.category), *(Facet("tag", tag) for tag in post.tags)})


def _published_order(post: Post) -> str:
    return format_exact(post.published_at or post.created_at)


POSTS: Final = ContentKind("post", Post, _facets, _published_order)
"""Blog posts, newest first: by the time of their first publication."""
