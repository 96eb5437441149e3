"""Bodies of certifications and courses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, override

from pydantic import Field, WithJsonSchema

from src.models.content import Content, ContentInput, ListQuery, partial
from src.models.fields import EMPTY_IS_UNSET, REQUIRED, Day, RequiredText, WebUrl
from src.models.parameters import Switch, TextFilter

type CertificationType = Literal["certification", "course"]

_SentType = Annotated[
    CertificationType,
    WithJsonSchema({"type": "string", "enum": ["certification", "course", ""]}),
]
"""A type in a body; the schema allows an empty text, because it is sent for an unset field."""


class CertificationCreate(ContentInput):
    """A certification to create."""

    name: Annotated[
        RequiredText, Field(max_length=200, examples=["Solutions Architect Associate"]), REQUIRED
    ]
    issuer: Annotated[
        RequiredText, Field(max_length=200, examples=["Amazon Web Services"]), REQUIRED
    ]
    type: Annotated[
        _SentType | None,
        Field(description="Default: certification.", examples=["certification"]),
        EMPTY_IS_UNSET,
    ] = None
    date_earned: Annotated[
        Day | None, Field(description="Default: today (UTC)."), EMPTY_IS_UNSET
    ] = None
    expiry_date: Annotated[
        Day | None, Field(alias="expiry_date", examples=["2029-01-31"]), EMPTY_IS_UNSET
    ] = None
    icon: Annotated[str | None, Field(max_length=10, examples=["☁️"]), EMPTY_IS_UNSET] = None
    featured: Annotated[bool | None, Field(description="Default: false.", examples=[True])] = None
    description: Annotated[
        str | None,
        Field(max_length=2_000, examples=["Designing distributed systems on AWS."]),
        EMPTY_IS_UNSET,
    ] = None
    credential_url: Annotated[
        WebUrl | None, Field(examples=["https://example.com/credential"]), EMPTY_IS_UNSET
    ] = None


CertificationUpdate = partial(CertificationCreate, "CertificationUpdate")


class Certification(Content):
    """A certification."""

    name: Annotated[str, Field(examples=["Solutions Architect Associate"])]
    issuer: Annotated[str, Field(examples=["Amazon Web Services"])]
    type: CertificationType
    date_earned: Day
    expiry_date: Annotated[Day | None, Field(alias="expiry_date", examples=["2029-01-31"])]
    icon: Annotated[str | None, Field(examples=["☁️"])]
    featured: Annotated[bool, Field(examples=[True])]
    description: Annotated[str | None, Field(examples=["Designing distributed systems on AWS."])]
    credential_url: Annotated[str | None, Field(examples=["https://example.com/credential"])]

    @override
    @classmethod
    def defaults(cls, values: Mapping[str, object], now: datetime) -> dict[str, object]:
        return {"type": "certification", "date_earned": now.date(), "featured": False}


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
