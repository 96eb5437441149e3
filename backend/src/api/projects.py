"""Routes of projects."""

from typing import Final

from src.api.content import ContentApi, add_content_routes
from src.api.routing import ApiRouter
from src.models.project import ProjectCreate, ProjectQuery, ProjectUpdate
from src.repositories.projects import PROJECTS

PROJECTS_API: Final = ContentApi(
    kind=PROJECTS,
    router=ApiRouter(),
    path="/projects",
    plural="projects",
    tag="projects",
    description="Projects.",
    content_type="project",
    top_key="projects",
    create=ProjectCreate,
    update=ProjectUpdate,
    query=ProjectQuery,
)

add_content_routes(PROJECTS_API)
