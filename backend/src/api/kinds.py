"""The registry of the kinds of content.

Routes, analytics, the OpenAPI schema, the sample content, the contract tests and the bench read it.
A new kind is a file with its models, one with its repository, one with its routes, and a line here.
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
