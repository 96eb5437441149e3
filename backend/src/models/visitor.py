"""Bodies of visits to the site."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from src.models.base import ApiModel
from src.models.times import Timestamp


class VisitorCount(ApiModel, alias_generator=None):
    """The number of visits of all time."""

    total_visitors: Annotated[int, Field(examples=[1204])]
    last_updated: Annotated[
        Timestamp | None,
        Field(description="Time of the last counted visit; null before the first visit."),
    ]


class TrackedVisit(ApiModel):
    """The result of tracking a visit."""

    message: Annotated[str, Field(examples=["The visit was counted."])]
    session_id: Annotated[
        str, Field(description="A hash of the session.", examples=["9c56cc51b374c3ba"])
    ]
    count: Annotated[int, Field(description="The visits of all time.", examples=[1204])]
    tracked: Annotated[
        bool, Field(description="True if it was the session's first visit today.", examples=[True])
    ]


class DailyVisitors(ApiModel):
    """The visitors of a day (UTC)."""

    date: Annotated[dt.date, Field(examples=["2026-01-31"])]
    visitors: Annotated[int, Field(examples=[17])]


class MonthlyVisitors(ApiModel):
    """The visitors of a month (UTC)."""

    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$", examples=["2026-01"])]
    visitors: Annotated[int, Field(examples=[420])]
