"""Routes of visits to the site: count them, and report trends."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Query

from src.api.routing import ApiRouter, error_responses
from src.api.session import SESSION_FIELD, SessionDependency, optional_body, shorten_session
from src.dependencies import OwnerPrincipal, SettingsDependency, TableDependency
from src.models.parameters import PLAIN_DIGITS
from src.models.visitor import DailyVisitors, MonthlyVisitors, TrackedVisit, VisitorCount
from src.repositories.visitors import VisitorRepository

router: Final = ApiRouter(prefix="/visitors", tags=["visitors"])

_GUARDED: Final = error_responses(HTTPStatus.FORBIDDEN)

_COUNTED: Final = "The visit was counted."
_COUNTED_BEFORE: Final = "A visit of this session was already counted today."

_VISIT_BODY: Final = optional_body(
    "VisitInput",
    {
        "page_path": {"type": "string", "description": "Accepted, not stored.", "examples": ["/"]},
        "referrer": {
            "type": "string",
            "description": "Accepted, not stored.",
            "examples": ["https://example.com/"],
        },
        **SESSION_FIELD,
    },
)


async def get_visitors(table: TableDependency, settings: SettingsDependency) -> VisitorRepository:
    """Return the repository of the stage's visits."""
    return VisitorRepository(table, shards=settings.counter_shards)


VisitorsDependency = Annotated[VisitorRepository, Depends(get_visitors)]


@router.post("/track", openapi_extra=_VISIT_BODY)
def track_visitor(visitors: VisitorsDependency, session: SessionDependency) -> TrackedVisit:
    """Count a visit, once per session and day (UTC)."""
    visit = visitors.track(session)
    return TrackedVisit(
        message=_COUNTED if visit.tracked else _COUNTED_BEFORE,
        session_id=shorten_session(session),
        count=visit.total,
        tracked=visit.tracked,
    )


@router.public_get("/count", is_kept=False)
def get_visitor_count(visitors: VisitorsDependency) -> VisitorCount:
    """Return the number of visits of all time."""
    count = visitors.count()
    return VisitorCount(total_visitors=count.total, last_updated=count.last)


@router.get("/trends/daily", responses=_GUARDED)
def get_daily_visitor_trends(
    visitors: VisitorsDependency,
    _owner: OwnerPrincipal,
    days: Annotated[
        int, Query(ge=1, le=90, description="Number of days, up to today."), PLAIN_DIGITS
    ] = 30,
) -> list[DailyVisitors]:
    """Return the visitors of each of the last days, oldest first."""
    return [DailyVisitors(date=day, visitors=count) for day, count in visitors.daily(days)]


@router.get("/trends/monthly", responses=_GUARDED)
def get_monthly_visitor_trends(
    visitors: VisitorsDependency,
    _owner: OwnerPrincipal,
    months: Annotated[
        int, Query(ge=1, le=12, description="Number of months, up to this one."), PLAIN_DIGITS
    ] = 6,
) -> list[MonthlyVisitors]:
    """Return the visitors of each of the last months, oldest first."""
    found = visitors.monthly(months)
    return [MonthlyVisitors(month=f"{month:%Y-%m}", visitors=count) for month, count in found]
