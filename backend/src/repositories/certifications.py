"""Certifications in the table: their filters and their order."""

from typing import Final

from src.models.certification import Certification
from src.models.content import Facet
from src.models.times import format_exact
from src.repositories.content_index import ContentKind


def _facets(certification: Certification) -> frozenset[Facet]:
    return frozenset(
        {
            Facet("type", certification.type),
            Facet("issuer", certification.issuer),
            Facet.of("featured", certification.featured),
        }
    )


def _published_order(certification: Certification) -> str:
    return f"{certification.date_earned}#{format_exact(certification.created_at)}"


CERTIFICATIONS: Final = ContentKind("certification", Certification, _facets, _published_order)
"""Certifications, newest first: by the day they were earned, then by creation."""
