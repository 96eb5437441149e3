"""Routes of analytics: count views of content, and report them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query

from src.api.analytics_models import (
    ContentType,
    ContentTypeViews,
    ContentViews,
    TopContent,
    TotalViews,
    TrackedView,
    ViewCount,
    ViewInput,
)
from src.api.kinds import KINDS
from src.api.routing import ApiRouter, error_responses
from src.api.session import SessionDependency
from src.dependencies import OwnerPrincipal, TableDependency
from src.models.base import ApiModel
from src.models.parameters import PLAIN_DIGITS
from src.repositories.content_index import ContentKind
from src.repositories.views import ViewRepository

router: Final = ApiRouter(prefix="/analytics", tags=["analytics"])

_GUARDED: Final = error_responses(HTTPStatus.FORBIDDEN)

_KINDS: Final[Mapping[ContentType, ContentKind[Any]]] = {
    ContentType(api.content_type): api.kind for api in KINDS
}

_ContentType = Annotated[ContentType, Path(alias="contentType", description="The kind of content.")]
_ContentId = Annotated[
    str,
    Path(
        alias="contentId",
        description="The item's id; an unknown or unpublished one has 0 views.",
        examples=["0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52"],
    ),
]


async def get_views(table: TableDependency) -> ViewRepository:
    """Return the repository of the stage's views."""
    return ViewRepository(table)


ViewsDependency = Annotated[ViewRepository, Depends(get_views)]


@router.post("/track", responses=error_responses(HTTPStatus.NOT_FOUND))
def track_view(view: ViewInput, views: ViewsDependency, session: SessionDependency) -> TrackedView:
    """Count a view of a published item, once per session in 30 days."""
    tracked = views.track(_KINDS[view.content_type], view.content_id, session)
    return TrackedView(views=tracked.views, tracked=tracked.tracked)


@router.public_get("/views/{contentType}/{contentId}", is_kept=False)
def get_content_views(
    content_type: _ContentType, content_id: _ContentId, views: ViewsDependency
) -> ContentViews:
    """Return the number of views of a published item."""
    count = views.count_published(_KINDS[content_type], content_id)
    return ContentViews(content_id=content_id, content_type=content_type, views=count)


@router.get("/views/{contentType}", responses=_GUARDED)
def list_content_views(
    content_type: _ContentType, views: ViewsDependency, _owner: OwnerPrincipal
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


@router.get("/total-views", responses=_GUARDED)
def get_total_views(views: ViewsDependency, _owner: OwnerPrincipal) -> TotalViews:
    """Return the number of views of all content."""
    return TotalViews(total_views=views.total())
