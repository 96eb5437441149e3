"""Bodies of blog posts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final, Literal, Self, override

from pydantic import AfterValidator, Field

from src.models.base import ApiModel
from src.models.content import ContentInput, ListQuery, SluggedContent, partial
from src.models.fields import at_most_bytes
from src.models.parameters import TextFilter
from src.models.text import make_slug, read_time

_CONTENT_BYTES: Final = 300_000


def _different(tags: list[str]) -> list[str]:
    if len(set(tags)) < len(tags):
        raise ValueError("Tags should be different from each other")
    return tags


Tag = Annotated[str, Field(max_length=50)]


class PostCreate(ContentInput):
    """A blog post to create."""

    untrimmed = frozenset({"content"})

    title: Annotated[str, Field(max_length=200, examples=["Serverless on a budget"])]
    excerpt: Annotated[str, Field(max_length=500, examples=["What a quiet API costs."])]
    content: Annotated[
        str,
        Field(
            max_length=_CONTENT_BYTES,
            description="At most 300,000 bytes of UTF-8.",
            examples=["# Serverless on a budget\n\nIt costs next to nothing."],
        ),
        AfterValidator(at_most_bytes(_CONTENT_BYTES)),
    ]
    category: Annotated[str, Field(max_length=100, examples=["Cloud"])]
    tags: Annotated[
        list[Tag],
        Field(
            min_length=1,
            max_length=20,
            examples=[["aws", "python"]],
            json_schema_extra={"uniqueItems": True},
        ),
        AfterValidator(_different),
    ]


PostUpdate = partial(PostCreate, "PostUpdate")


class Post(SluggedContent):
    """A blog post."""

    title: Annotated[str, Field(examples=["Serverless on a budget"])]
    excerpt: Annotated[str, Field(examples=["What a quiet API costs."])]
    content: Annotated[str, Field(examples=["# Serverless on a budget"])]
    category: Annotated[str, Field(examples=["Cloud"])]
    tags: Annotated[list[str], Field(examples=[["aws", "python"]])]
    read_time: Annotated[str, Field(examples=["4 min read"])]
    published_at: Annotated[
        date | Literal[""],
        Field(
            description="Day of the first publication (UTC); empty before it.",
            examples=["2026-01-31"],
        ),
    ]

    @override
    @classmethod
    def initial(cls, values: Mapping[str, object]) -> dict[str, object]:
        return {"slug": make_slug(str(values["title"])), "published_at": ""}

    @override
    @classmethod
    def derived(cls, values: Mapping[str, object]) -> dict[str, object]:
        return {"read_time": read_time(str(values["content"]))} if "content" in values else {}

    @override
    def publish(self, now: datetime) -> Self:
        published = super().publish(now)
        if published.published_at:
            return published
        return published.model_copy(update={"published_at": now.date()})


class PostQuery(ListQuery):
    """Filters and page of the list of posts."""

    category: Annotated[
        TextFilter | None, Field(description="Return posts of exactly this category.")
    ] = None
    tag: Annotated[TextFilter | None, Field(description="Return posts with exactly this tag.")] = (
        None
    )


class Categories(ApiModel):
    """The categories of published posts."""

    categories: Annotated[list[str], Field(examples=[["Cloud", "Python"]])]


class CategoryCount(ApiModel):
    """A category of published posts."""

    name: Annotated[str, Field(examples=["Cloud"])]
    count: Annotated[int, Field(description="Number of its published posts.", examples=[7])]
