"""Projects in the table: their filters and their order."""

from typing import Final

from src.models.content import Facet
from src.models.project import Project
from src.models.times import format_exact
from src.repositories.content_index import ContentKind


def _facets(project: Project) -> frozenset[Facet]:
    technologies = (Facet("technology", each) for each in project.tech)
    return frozenset({Facet.of("featured", project.featured), *technologies})


def _published_order(project: Project) -> str:
    return format_exact(project.created_at)


PROJECTS: Final = ContentKind("project", Project, _facets, _published_order)
"""Projects, newest first: by creation."""
