"""Routes of visits to the site: count them, and report trends."""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Query

from src.api.routing import ApiRouter, error_responses
from src.api.session import SessionDependency
from src.dependencies import OwnerPrincipal, TableDependency
from src.models.parameters import PLAIN_DIGITS
from src.models.visitor import (
    DailyTrends,
    DailyVisitors,
    MonthlyTrends,
    MonthlyVisitors,
    TrackedVisit,
    VisitorCount,
)
from src.repositories.visitors import VisitorRepository

router: Final = ApiRouter(prefix="/visitors", tags=["visitors"])

_GUARDED: Final = error_responses(HTTPStatus.FORBIDDEN)


async def get_visitors(table: TableDependency) -> VisitorRepository:
    """Return the repository of the stage's visits."""
    return VisitorRepository(table)


VisitorsDependency = Annotated[VisitorRepository, Depends(get_visitors)]


@router.post("/track")
def track_visitor(visitors: VisitorsDependency, session: SessionDependency) -> TrackedVisit:
    """Count a visit, once per session and day (UTC)."""
    visit = visitors.track(session)
    return TrackedVisit(count=visit.total, tracked=visit.tracked)


@router.public_get("/count", is_kept=False)
def get_visitor_count(visitors: VisitorsDependency) -> VisitorCount:
    """Return the number of visits of all time."""
    return VisitorCount(count=visitors.count())


@router.get("/trends/daily", responses=_GUARDED)
def get_daily_visitor_trends(
    visitors: VisitorsDependency,
    _owner: OwnerPrincipal,
    days: Annotated[
        int, Query(ge=1, le=90, description="Number of days, up to today."), PLAIN_DIGITS
    ] = 30,
) -> DailyTrends:
    """Return the visitors of each of the last days, oldest first."""
    return DailyTrends(
        trends=[
            DailyVisitors(date=_day_name(day), visitors=count)
            for day, count in visitors.daily(days)
        ]
    )


@router.get("/trends/monthly", responses=_GUARDED)
def get_monthly_visitor_trends(
    visitors: VisitorsDependency,
    _owner: OwnerPrincipal,
    months: Annotated[
        int, Query(ge=1, le=12, description="Number of months, up to this one."), PLAIN_DIGITS
    ] = 6,
) -> MonthlyTrends:
    """Return the visitors of each of the last months, oldest first."""
    found = visitors.monthly(months)
    return MonthlyTrends(
        trends=[MonthlyVisitors(month=f"{month:%b}", visitors=count) for month, count in found]
    )


def _day_name(day: date) -> str:
    return f"{day:%b} {day.day}"
