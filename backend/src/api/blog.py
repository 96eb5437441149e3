"""Routes of blog posts and their categories."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Path
from starlette.responses import Response

from src.api.content import ContentApi, add_content_routes, repository_of, show
from src.api.routing import ApiRouter, error_responses
from src.dependencies import CallerDependency
from src.models.post import CategoryCount, CategoryNames, Post, PostCreate, PostQuery, PostUpdate
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS

router: Final = ApiRouter()

POSTS_API: Final = ContentApi(
    kind=POSTS,
    router=router,
    path="/blogs",
    plural="posts",
    tag="blog",
    description="Blog posts and their categories.",
    content_type="blog",
    top_key="blogs",
    create=PostCreate,
    update=PostUpdate,
    query=PostQuery,
)


_Posts = Annotated[ContentRepository[Post], Depends(repository_of(POSTS))]

_Slug = Annotated[str, Path(description="The post's slug.", examples=["serverless-on-a-budget"])]


@router.public_get("/blogs/categories")
def list_categories(posts: _Posts) -> CategoryNames:
    """List the categories of published posts, sorted."""
    return CategoryNames(categories=list(posts.published_values("category")))


@router.public_get("/blogs/categories/list")
def count_categories(posts: _Posts) -> list[CategoryCount]:
    """List the categories of published posts with their numbers of posts, sorted."""
    counts = posts.published_values("category")
    return [CategoryCount(name=name, count=count) for name, count in counts.items()]


@router.public_get("/blogs/slug/{slug}", responses=error_responses(HTTPStatus.NOT_FOUND))
def get_post_by_slug(
    slug: _Slug, caller: CallerDependency, posts: _Posts, response: Response
) -> Post:
    """Return a post; only the owner sees a draft."""
    return show(posts.get_by_slug(slug, drafts=caller.is_owner), response)


add_content_routes(POSTS_API)
