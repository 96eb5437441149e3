"""Blog posts, and the categories they are in."""

from typing import Annotated, Final

from fastapi import Depends

from src.api.content import ContentApi, add_content_routes
from src.api.routing import ApiRouter
from src.dependencies import DynamoDBDependency, SettingsDependency
from src.models.post import Categories, Post, PostCreate, PostPage, PostQuery, PostUpdate
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Table

router: Final = ApiRouter(prefix="/blog", tags=["blog"])


async def get_posts(
    dynamodb: DynamoDBDependency, settings: SettingsDependency
) -> ContentRepository[Post]:
    """Return the stage's posts."""
    return ContentRepository(POSTS, Table(dynamodb, settings.dynamodb_table_name))


add_content_routes(
    router,
    "/posts",
    ContentApi(
        singular="post",
        plural="posts",
        item=Post,
        create=PostCreate,
        update=PostUpdate,
        query=PostQuery,
        page=PostPage,
        repository=get_posts,
    ),
)


@router.get("/categories")
def list_categories(
    posts: Annotated[ContentRepository[Post], Depends(get_posts)],
) -> Categories:
    """List the categories of published posts."""
    return Categories(categories=posts.published_values("category"))
