"""Bodies of analytics; they are made from `KINDS`, so they are next to the routes."""

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field, create_model

from src.api.kinds import KINDS
from src.models.base import ApiModel
from src.models.content import ContentId


class ContentType(StrEnum):
    """A kind of content, as analytics name it."""

    # The body of an enum is a dictionary of its members.
    vars().update({kind.content_type.upper(): kind.content_type for kind in KINDS})


class TrackedView(ApiModel):
    """The result of tracking a view."""

    views: Annotated[int, Field(examples=[31])]
    tracked: Annotated[
        bool,
        Field(description="True if it was the session's first view in 30 days.", examples=[True]),
    ]
    message: Annotated[str, Field(examples=["The view was counted."])]
    session_id: Annotated[
        str, Field(description="A hash of the session.", examples=["9c56cc51b374c3ba"])
    ]


class ViewCount(ApiModel):
    """The number of views of an item."""

    content_id: ContentId
    views: Annotated[int, Field(examples=[31])]


class ContentViews(ViewCount):
    """The number of views of an item of a given kind."""

    content_type: ContentType


class ContentTypeViews(ApiModel):
    """The number of views of each item of a kind."""

    content_type: ContentType
    stats: Annotated[
        dict[str, int],
        Field(
            description="Views by the item's id.",
            examples=[{"0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52": 31}],
        ),
    ]


_TOP_LISTS: Final[dict[str, Any]] = {kind.top_key: list[ViewCount] for kind in KINDS}

TopContent: Final = create_model(
    "TopContent",
    __base__=ApiModel,
    __module__=__name__,
    __doc__="The items with the most views, by kind; each list starts with the most viewed.",
    **_TOP_LISTS,
)


class TotalViews(ApiModel):
    """The number of views of all content; deleted items do not count."""

    total_views: Annotated[int, Field(examples=[940])]


_UniqueVisitors = Annotated[
    int, Field(description="Equal to the views: a view counts a session once.", examples=[31])
]


class PageViews(ApiModel, alias_generator=None):
    """The number of views of an item, by the path of its page."""

    page_path: Annotated[
        str,
        Field(
            description="The type and the id of the item.",
            examples=["/blog/0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52"],
        ),
    ]
    view_count: Annotated[int, Field(examples=[31])]
    unique_visitors: _UniqueVisitors


class Overview(ApiModel, alias_generator=None):
    """The figures of the site."""

    total_views: Annotated[int, Field(examples=[940])]
    unique_visitors: Annotated[
        int, Field(description="The sum of the daily visitors of these days.", examples=[420])
    ]
    top_pages: Annotated[
        list[PageViews], Field(description="Ten items at most, the most viewed first.")
    ]
    recent_activity: Annotated[
        list[str], Field(max_length=0, description="Not recorded: always empty.", examples=[[]])
    ]


class PostStats(ApiModel, alias_generator=None):
    """The figures of a post."""

    post_id: ContentId
    title: Annotated[str, Field(examples=["Serverless on a budget"])]
    view_count: Annotated[int, Field(examples=[31])]
    unique_visitors: _UniqueVisitors
    average_time_on_page: Annotated[int, Field(description="Not measured: always 0.", examples=[0])]
    bounce_rate: Annotated[int, Field(description="Not measured: always 0.", examples=[0])]
