"""Bodies of certifications and courses."""

from typing import Annotated, Literal

from pydantic import Field

from src.models.content import Content, ContentInput, ListQuery, partial
from src.models.fields import Day, WebUrl
from src.models.parameters import Switch, TextFilter

type CertificationType = Literal["certification", "course"]


class CertificationCreate(ContentInput):
    """A certification to create."""

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
    """A certification."""

    name: Annotated[str, Field(examples=["Solutions Architect Associate"])]
    issuer: Annotated[str, Field(examples=["Amazon Web Services"])]
    icon: Annotated[str, Field(examples=["☁️"])]
    type: CertificationType
    featured: Annotated[bool, Field(examples=[True])]
    description: Annotated[str, Field(examples=["Designing distributed systems on AWS."])]
    credential_url: Annotated[str | None, Field(examples=["https://example.com/credential"])]
    date_earned: Day


class CertificationQuery(ListQuery):
    """Filters and page of the list of certifications."""

    type: Annotated[
        TextFilter | None,
        Field(description="Return items of this type only: `certification` or `course`."),
    ] = None
    issuer: Annotated[
        TextFilter | None, Field(description="Return items of exactly this issuer.")
    ] = None
    featured: Annotated[
        Switch | None,
        Field(description="Return featured items only (true), or the others only (false)."),
    ] = None
