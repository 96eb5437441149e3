"""Routes of blog posts and their categories."""

from typing import Annotated, Final

from fastapi import Depends

from src.api.content import ContentApi, add_content_routes, repository_of
from src.api.routing import ApiRouter
from src.models.post import Categories, Post, PostCreate, PostPage, PostQuery, PostUpdate
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
    page=PostPage,
)


@router.public_get("/blogs/categories")
def list_categories(
    posts: Annotated[ContentRepository[Post], Depends(repository_of(POSTS))],
) -> Categories:
    """List the categories of published posts."""
    return Categories(categories=posts.published_values("category"))


add_content_routes(POSTS_API)
