"""Bodies of blog posts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, override

from pydantic import Field

from src.models.base import ApiModel
from src.models.content import ContentInput, ListQuery, SluggedContent, partial
from src.models.fields import (
    EMPTY_IS_UNSET,
    REQUIRED,
    ListedText,
    RequiredText,
    at_most_bytes,
    at_most_different,
)
from src.models.parameters import TextFilter
from src.models.text import make_slug, read_time

_CONTENT_BYTES: Final = 300_000
_TAGS: Final = 20


class PostCreate(ContentInput):
    """A blog post to create."""

    untrimmed = frozenset({"content"})

    title: Annotated[
        RequiredText, Field(max_length=200, examples=["Serverless on a budget"]), REQUIRED
    ]
    content: Annotated[
        RequiredText,
        Field(
            max_length=_CONTENT_BYTES,
            description="At most 300,000 bytes of UTF-8.",
            examples=["# Serverless on a budget\n\nIt costs next to nothing."],
        ),
        at_most_bytes(_CONTENT_BYTES),
        REQUIRED,
    ]
    excerpt: Annotated[
        str | None,
        Field(
            max_length=500,
            description="Default: the title at the time.",
            examples=["What a quiet API costs."],
        ),
        EMPTY_IS_UNSET,
    ] = None
    category: Annotated[
        str | None,
        Field(max_length=100, description="Default: General.", examples=["Cloud"]),
        EMPTY_IS_UNSET,
    ] = None
    tags: Annotated[
        list[ListedText] | None,
        at_most_different(_TAGS),
        Field(
            description="At most 20; repeats and empty ones are dropped.",
            examples=[["aws", "python"]],
        ),
    ] = None


PostUpdate = partial(PostCreate, "PostUpdate")


class Post(SluggedContent):
    """A blog post."""

    title: Annotated[str, Field(examples=["Serverless on a budget"])]
    excerpt: Annotated[str, Field(examples=["What a quiet API costs."])]
    content: Annotated[str, Field(examples=["# Serverless on a budget"])]
    category: Annotated[str, Field(examples=["Cloud"])]
    tags: Annotated[list[str], Field(examples=[["aws", "python"]])]
    read_time: Annotated[str, Field(examples=["4 min read"])]

    @override
    @classmethod
    def defaults(cls, values: Mapping[str, object], now: datetime) -> dict[str, object]:
        return {"excerpt": values["title"], "category": "General", "tags": []}

    @override
    @classmethod
    def initial(cls, values: Mapping[str, object]) -> dict[str, object]:
        return {"slug": make_slug(str(values["title"]))}

    @override
    @classmethod
    def derived(cls, values: Mapping[str, object]) -> dict[str, object]:
        return {"read_time": read_time(str(values["content"]))} if "content" in values else {}


class PostQuery(ListQuery):
    """Filters and page of the list of posts."""

    category: Annotated[
        TextFilter | None, Field(description="Return posts of exactly this category.")
    ] = None
    tag: Annotated[TextFilter | None, Field(description="Return posts with exactly this tag.")] = (
        None
    )


class CategoryNames(ApiModel):
    """The categories of published posts."""

    categories: Annotated[list[str], Field(examples=[["Cloud", "Python"]])]


class CategoryCount(ApiModel):
    """A category of published posts."""

    name: Annotated[str, Field(examples=["Cloud"])]
    count: Annotated[int, Field(description="Number of its published posts.", examples=[7])]
