"""Views of content."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from src.models.base import ApiModel, InputModel
from src.models.content import ContentId


class ContentType(StrEnum):
    """What can be viewed."""

    BLOG = "blog"
    PROJECT = "project"
    CERTIFICATION = "certification"


class ViewInput(InputModel):
    """What a visitor looks at."""

    content_id: ContentId
    content_type: Annotated[ContentType, Field(strict=False)]


class TrackedView(ApiModel):
    """What became of a view."""

    views: Annotated[int, Field(examples=[31])]
    tracked: Annotated[
        bool, Field(description="Whether it was the session's first in 30 days.", examples=[True])
    ]


class ViewCount(ApiModel):
    """How often an item was viewed."""

    content_id: ContentId
    views: Annotated[int, Field(examples=[31])]


class ContentViews(ViewCount):
    """How often an item of a given type was viewed."""

    content_type: ContentType


class ContentTypeViews(ApiModel):
    """How often each item of a type was viewed."""

    content_type: ContentType
    stats: Annotated[
        dict[str, int],
        Field(
            description="Views by the item's id.",
            examples=[{"0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52": 31}],
        ),
    ]


class TopContent(ApiModel):
    """The items viewed most, the first of each list the most often."""

    blogs: list[ViewCount]
    projects: list[ViewCount]
    certifications: list[ViewCount]


class TotalViews(ApiModel):
    """How often all content that still exists was viewed."""

    total_views: Annotated[int, Field(examples=[940])]
