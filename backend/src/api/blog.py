"""Blog posts, and the categories they are in."""

from typing import Annotated, Final

from fastapi import Depends

from src.api.content import ContentApi, add_content_routes, repository_of
from src.api.routing import ApiRouter
from src.models.post import Categories, Post, PostCreate, PostPage, PostQuery, PostUpdate
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS

router: Final = ApiRouter(prefix="/blog", tags=["blog"])

add_content_routes(
    router, "/posts", ContentApi(POSTS, "posts", PostCreate, PostUpdate, PostQuery, PostPage)
)


@router.public_get("/categories")
def list_categories(
    posts: Annotated[ContentRepository[Post], Depends(repository_of(POSTS))],
) -> Categories:
    """List the categories of published posts."""
    return Categories(categories=posts.published_values("category"))
