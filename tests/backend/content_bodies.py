"""What a client sends to create something of each type."""

from typing import Any, Final

from tests.backend.content_checks import post_body

PROJECT: Final = {
    "name": "Portfolio API",
    "description": "The API behind this site.",
    "longDescription": "FastAPI on AWS Lambda.",
    "tech": ["Python"],
    "company": "Independent",
    "featured": True,
}
CERTIFICATION: Final = {
    "name": "Solutions Architect",
    "issuer": "Amazon Web Services",
    "icon": "☁️",
    "type": "certification",
    "featured": False,
    "description": "Designing distributed systems.",
    "dateEarned": "2026-01-31",
}
CONTENT_TYPES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "blog": ("/v1/blog/posts", post_body()),
    "project": ("/v1/projects", PROJECT),
    "certification": ("/v1/certifications", CERTIFICATION),
}
"""The base path and a body, by the type as analytics name it."""
