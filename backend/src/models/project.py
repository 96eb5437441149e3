"""Bodies of projects."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, override

from pydantic import Field

from src.models.content import Content, ContentInput, ListQuery, partial
from src.models.fields import (
    EMPTY_IS_UNSET,
    REQUIRED,
    ImageUrl,
    ListedText,
    RequiredText,
    WebUrl,
    at_most_bytes,
    at_most_different,
)
from src.models.parameters import Switch, TextFilter

_LONG_DESCRIPTION_BYTES: Final = 100_000
_TECHNOLOGIES: Final = 50


class ProjectCreate(ContentInput):
    """A project to create."""

    untrimmed = frozenset({"longDescription"})

    name: Annotated[RequiredText, Field(max_length=200, examples=["Portfolio API"]), REQUIRED]
    description: Annotated[
        RequiredText, Field(max_length=500, examples=["The API behind this site."]), REQUIRED
    ]
    long_description: Annotated[
        Annotated[
            str, Field(max_length=_LONG_DESCRIPTION_BYTES), at_most_bytes(_LONG_DESCRIPTION_BYTES)
        ]
        | None,
        Field(
            description="At most 100,000 bytes of UTF-8.",
            examples=["FastAPI on AWS Lambda, provisioned with Pulumi."],
        ),
        EMPTY_IS_UNSET,
    ] = None
    tech: Annotated[
        list[ListedText] | None,
        at_most_different(_TECHNOLOGIES),
        Field(
            description="At most 50; repeats and empty ones are dropped.",
            examples=[["Python", "Pulumi"]],
        ),
    ] = None
    company: Annotated[
        str | None, Field(max_length=200, examples=["Independent"]), EMPTY_IS_UNSET
    ] = None
    featured: Annotated[bool | None, Field(description="Default: false.", examples=[True])] = None
    github_url: Annotated[
        WebUrl | None, Field(examples=["https://github.com/example/portfolio"]), EMPTY_IS_UNSET
    ] = None
    live_url: Annotated[WebUrl | None, Field(examples=["https://example.com"]), EMPTY_IS_UNSET] = (
        None
    )
    image_url: Annotated[
        ImageUrl | None, Field(examples=["https://example.com/portfolio.png"]), EMPTY_IS_UNSET
    ] = None


ProjectUpdate = partial(ProjectCreate, "ProjectUpdate")


class Project(Content):
    """A project."""

    name: Annotated[str, Field(examples=["Portfolio API"])]
    description: Annotated[str, Field(examples=["The API behind this site."])]
    long_description: Annotated[
        str | None, Field(examples=["FastAPI on AWS Lambda, provisioned with Pulumi."])
    ]
    tech: Annotated[list[str], Field(examples=[["Python", "Pulumi"]])]
    company: Annotated[str | None, Field(examples=["Independent"])]
    featured: Annotated[bool, Field(examples=[True])]
    github_url: Annotated[str | None, Field(examples=["https://github.com/example/portfolio"])]
    live_url: Annotated[str | None, Field(examples=["https://example.com"])]
    image_url: Annotated[str | None, Field(examples=["https://example.com/portfolio.png"])]

    @override
    @classmethod
    def defaults(cls, values: Mapping[str, object], now: datetime) -> dict[str, object]:
        return {"tech": [], "featured": False}


class ProjectQuery(ListQuery):
    """Filters and page of the list of projects."""

    featured: Annotated[
        Switch | None,
        Field(description="Return featured items only (true), or the others only (false)."),
    ] = None
    technology: Annotated[
        TextFilter | None, Field(description="Return projects with exactly this in `tech`.")
    ] = None
