"""Routes of analytics: count views of content, and report them."""

import heapq
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query

from src.api.analytics_models import (
    ContentType,
    ContentTypeViews,
    ContentViews,
    Overview,
    PageViews,
    PostStats,
    TopContent,
    TotalViews,
    TrackedView,
    ViewCount,
)
from src.api.content import IdParameter, repository_of
from src.api.kinds import KINDS
from src.api.routing import ApiRouter, error_responses
from src.api.session import SESSION_FIELD, SessionDependency, optional_body, shorten_session
from src.api.visitors import VisitorsDependency
from src.dependencies import OwnerPrincipal, SettingsDependency, TableDependency
from src.models.base import ApiModel
from src.models.parameters import PLAIN_DIGITS
from src.models.post import Post
from src.repositories.content import ContentRepository
from src.repositories.content_index import ContentKind
from src.repositories.posts import POSTS
from src.repositories.views import ViewRepository

router: Final = ApiRouter(prefix="/analytics", tags=["analytics"])

_GUARDED: Final = error_responses(HTTPStatus.FORBIDDEN)
_MISSING: Final = error_responses(HTTPStatus.NOT_FOUND)

_COUNTED: Final = "The view was counted."
_COUNTED_BEFORE: Final = "A view of this session was already counted in the last 30 days."

_MOST_PAGES: Final = 100
_TOP_PAGES: Final = 10

_KINDS: Final[Mapping[ContentType, ContentKind[Any]]] = {
    ContentType(api.content_type): api.kind for api in KINDS
}

_Type = Annotated[ContentType, Path(alias="type", description="The kind of content.")]


async def get_views(table: TableDependency, settings: SettingsDependency) -> ViewRepository:
    """Return the repository of the stage's views."""
    return ViewRepository(table, shards=settings.counter_shards)


ViewsDependency = Annotated[ViewRepository, Depends(get_views)]


@router.post(
    "/track/{type}/{id}",
    responses=_MISSING,
    openapi_extra=optional_body("ViewInput", SESSION_FIELD),
)
def track_view(
    content_type: _Type, content_id: IdParameter, views: ViewsDependency, session: SessionDependency
) -> TrackedView:
    """Count a view of a published item, once per session in 30 days."""
    view = views.track(_KINDS[content_type], content_id, session)
    return TrackedView(
        views=view.views,
        tracked=view.tracked,
        message=_COUNTED if view.tracked else _COUNTED_BEFORE,
        session_id=shorten_session(session),
    )


@router.get("/views/total", responses=_GUARDED)
def get_total_views(views: ViewsDependency, _owner: OwnerPrincipal) -> TotalViews:
    """Return the number of views of all content."""
    return TotalViews(total_views=views.total())


@router.public_get("/views/{type}/{id}", is_kept=False)
def get_content_views(
    content_type: _Type, content_id: IdParameter, views: ViewsDependency
) -> ContentViews:
    """Return the number of views of a published item; 0 for any other."""
    count = views.count_published(_KINDS[content_type], content_id)
    return ContentViews(content_id=content_id, content_type=content_type, views=count)


@router.get("/views/{type}", responses=_GUARDED)
def list_content_views(
    content_type: _Type, views: ViewsDependency, _owner: OwnerPrincipal
) -> ContentTypeViews:
    """Return the number of views of each item of a kind."""
    return ContentTypeViews(content_type=content_type, stats=views.count_each(_KINDS[content_type]))


@router.get("/top-content", response_model=TopContent, responses=_GUARDED)
def get_top_content(
    views: ViewsDependency,
    _owner: OwnerPrincipal,
    limit: Annotated[
        int, Query(ge=1, le=20, description="Number of items of each kind."), PLAIN_DIGITS
    ] = 5,
) -> ApiModel:
    """Return the items of each kind with the most views; they may be a moment old."""
    most_viewed = {api.top_key: views.most_viewed(api.kind, limit) for api in KINDS}
    return TopContent.model_validate(
        {
            key: [ViewCount(content_id=content_id, views=count) for content_id, count in found]
            for key, found in most_viewed.items()
        }
    )


@router.get("/overview", responses=_GUARDED)
def get_overview(
    views: ViewsDependency,
    visitors: VisitorsDependency,
    _owner: OwnerPrincipal,
    days: Annotated[
        int,
        Query(ge=1, le=90, description="Number of days to count visitors, up to today."),
        PLAIN_DIGITS,
    ] = 30,
) -> Overview:
    """Return the figures of the site; the top pages may be a moment old."""
    return Overview(
        total_views=views.total(),
        unique_visitors=sum(count for _, count in visitors.daily(days)),
        top_pages=_most_viewed_pages(views, ContentType, _TOP_PAGES),
        recent_activity=[],
    )


@router.get("/pages", responses=_GUARDED)
def list_page_views(
    views: ViewsDependency,
    _owner: OwnerPrincipal,
    content_type: Annotated[
        ContentType | None, Query(description="The kind of content. Default: every kind.")
    ] = None,
) -> list[PageViews]:
    """Return the 100 items with the most views, the most viewed first; they may be a moment old."""
    types = ContentType if content_type is None else [content_type]
    return _most_viewed_pages(views, types, _MOST_PAGES)


@router.get("/blog/{id}/stats", responses=_GUARDED | _MISSING)
def get_post_stats(
    post_id: IdParameter,
    views: ViewsDependency,
    posts: Annotated[ContentRepository[Post], Depends(repository_of(POSTS))],
    _owner: OwnerPrincipal,
) -> PostStats:
    """Return the figures of a post, published or not."""
    post = posts.get(post_id, drafts=lambda: True)
    count = views.count(POSTS, post_id)
    return PostStats(
        post_id=post_id,
        title=post.title,
        view_count=count,
        unique_visitors=count,
        average_time_on_page=0,
        bounce_rate=0,
    )


def _most_viewed_pages(
    views: ViewRepository, types: Collection[ContentType], limit: int
) -> list[PageViews]:
    """Return the items of some kinds with the most views, the most viewed first."""
    pages = [
        PageViews(page_path=f"/{each}/{content_id}", view_count=count, unique_visitors=count)
        for each in types
        for content_id, count in views.most_viewed(_KINDS[each], limit)
    ]
    return heapq.nlargest(limit, pages, key=lambda page: page.view_count)
