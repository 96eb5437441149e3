"""Bodies of visits to the site."""

from typing import Annotated

from pydantic import Field

from src.models.base import ApiModel


class VisitorCount(ApiModel):
    """The number of visits of all time."""

    count: Annotated[int, Field(examples=[1204])]


class TrackedVisit(VisitorCount):
    """The result of tracking a visit."""

    tracked: Annotated[
        bool, Field(description="True if it was the session's first visit today.", examples=[True])
    ]


class DailyVisitors(ApiModel):
    """The visitors of a day (UTC)."""

    date: Annotated[str, Field(examples=["Dec 16"])]
    visitors: Annotated[int, Field(examples=[17])]


class DailyTrends(ApiModel):
    """The visitors of the last days, up to today."""

    trends: list[DailyVisitors]


class MonthlyVisitors(ApiModel):
    """The visitors of a month (UTC)."""

    month: Annotated[str, Field(examples=["Dec"])]
    visitors: Annotated[int, Field(examples=[420])]


class MonthlyTrends(ApiModel):
    """The visitors of the last months, up to this one."""

    trends: list[MonthlyVisitors]
