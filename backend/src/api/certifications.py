"""Certifications and courses."""

from typing import Final

from src.api.content import ContentApi, add_content_routes
from src.api.routing import ApiRouter
from src.models.certification import (
    CertificationCreate,
    CertificationPage,
    CertificationQuery,
    CertificationUpdate,
)
from src.repositories.certifications import CERTIFICATIONS

router: Final = ApiRouter(prefix="/certifications", tags=["certifications"])

add_content_routes(
    router,
    "",
    ContentApi(
        kind=CERTIFICATIONS,
        plural="certifications",
        create=CertificationCreate,
        update=CertificationUpdate,
        query=CertificationQuery,
        page=CertificationPage,
    ),
)
