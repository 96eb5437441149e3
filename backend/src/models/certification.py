"""Certifications and courses."""

from typing import Annotated, Literal

from pydantic import Field

from src.models.content import Content, ContentInput, ListQuery, Page, partial
from src.models.fields import Day, WebUrl

type CertificationType = Literal["certification", "course"]


class CertificationCreate(ContentInput):
    """A certification as its holder sends it."""

    name: Annotated[str, Field(max_length=200, examples=["Solutions Architect Associate"])]
    issuer: Annotated[str, Field(examples=["Amazon Web Services"])]
    icon: Annotated[str, Field(max_length=10, examples=["☁️"])]
    type: CertificationType
    featured: Annotated[bool, Field(examples=[True])]
    description: Annotated[str, Field(examples=["Designing distributed systems on AWS."])]
    credential_url: WebUrl | None = None
    date_earned: Day


CertificationUpdate = partial(CertificationCreate, "CertificationUpdate")


class Certification(Content):
    """A certification as everyone reads it."""

    name: Annotated[str, Field(examples=["Solutions Architect Associate"])]
    issuer: Annotated[str, Field(examples=["Amazon Web Services"])]
    icon: Annotated[str, Field(examples=["☁️"])]
    type: CertificationType
    featured: Annotated[bool, Field(examples=[True])]
    description: Annotated[str, Field(examples=["Designing distributed systems on AWS."])]
    credential_url: Annotated[str | None, Field(examples=["https://example.com/credential"])]
    date_earned: Day


class CertificationQuery(ListQuery):
    """What the list of certifications can be asked for."""

    type: Annotated[CertificationType | None, Field(description="Only those of this type.")] = None
    featured: Annotated[
        bool | None, Field(description="Only those that are featured, or that are not.")
    ] = None


class CertificationPage(Page):
    """A page of the list of certifications."""

    certifications: list[Certification]
