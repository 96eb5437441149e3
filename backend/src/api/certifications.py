"""Routes of certifications and courses."""

from typing import Final

from src.api.content import ContentApi, add_content_routes
from src.api.routing import ApiRouter
from src.models.certification import (
    CertificationCreate,
    CertificationQuery,
    CertificationUpdate,
)
from src.repositories.certifications import CERTIFICATIONS

CERTIFICATIONS_API: Final = ContentApi(
    kind=CERTIFICATIONS,
    router=ApiRouter(),
    path="/certifications",
    plural="certifications",
    tag="certifications",
    description="Certifications and courses.",
    content_type="certification",
    top_key="certifications",
    create=CertificationCreate,
    update=CertificationUpdate,
    query=CertificationQuery,
)

add_content_routes(CERTIFICATIONS_API)
