"""Projects."""

from typing import Final

from src.api.content import ContentApi, add_content_routes
from src.api.routing import ApiRouter
from src.models.project import ProjectCreate, ProjectPage, ProjectQuery, ProjectUpdate
from src.repositories.projects import PROJECTS

router: Final = ApiRouter(prefix="/projects", tags=["projects"])

add_content_routes(
    router,
    "",
    ContentApi(PROJECTS, "projects", ProjectCreate, ProjectUpdate, ProjectQuery, ProjectPage),
)
