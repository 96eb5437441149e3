"""The registry of kinds of content: the one list that everything else reads.

Routes, analytics, the OpenAPI schema, the sample content, the contract tests and the bench are made
from it. A further kind is its model, its repository, its routes and a line here.
"""

from typing import Any, Final

from src.api.blog import POSTS_API
from src.api.certifications import CERTIFICATIONS_API
from src.api.content import ContentApi
from src.api.projects import PROJECTS_API

KINDS: Final[tuple[ContentApi[Any], ...]] = (
    POSTS_API,
    PROJECTS_API,
    CERTIFICATIONS_API,
)
"""Every kind of content, in the order of the documentation."""
