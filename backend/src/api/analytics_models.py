"""Bodies of analytics; they are made from `KINDS`, so they are next to the routes."""

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import Field, create_model

from src.api.kinds import KINDS
from src.models.base import ApiModel, InputModel
from src.models.content import ContentId


class ContentType(StrEnum):
    """A kind of content, as analytics name it."""

    # The body of an enum is a dictionary of its members.
    vars().update({kind.content_type.upper(): kind.content_type for kind in KINDS})


class ViewInput(InputModel):
    """A view of an item."""

    content_id: ContentId
    content_type: Annotated[ContentType, Field(strict=False)]


class TrackedView(ApiModel):
    """The result of tracking a view."""

    views: Annotated[int, Field(examples=[31])]
    tracked: Annotated[
        bool,
        Field(description="True if it was the session's first view in 30 days.", examples=[True]),
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
