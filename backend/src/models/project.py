"""Bodies of projects."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from src.models.content import Content, ContentInput, ListQuery, partial
from src.models.fields import WebUrl, at_most_bytes
from src.models.parameters import Switch, TextFilter

_LONG_DESCRIPTION_BYTES: Final = 100_000


class ProjectCreate(ContentInput):
    """A project to create."""

    untrimmed = frozenset({"longDescription"})

    name: Annotated[str, Field(max_length=200, examples=["Portfolio API"])]
    description: Annotated[str, Field(max_length=500, examples=["The API behind this site."])]
    long_description: Annotated[
        str,
        Field(
            max_length=_LONG_DESCRIPTION_BYTES,
            description="At most 100,000 bytes of UTF-8.",
            examples=["FastAPI on AWS Lambda, provisioned with Pulumi."],
        ),
        AfterValidator(at_most_bytes(_LONG_DESCRIPTION_BYTES)),
    ]
    tech: Annotated[
        list[Annotated[str, Field(max_length=50)]],
        Field(min_length=1, max_length=50, examples=[["Python", "Pulumi"]]),
    ]
    company: Annotated[str, Field(examples=["Independent"])]
    featured: Annotated[bool, Field(examples=[True])]
    github_url: WebUrl | None = None
    live_url: WebUrl | None = None
    image_url: WebUrl | None = None


ProjectUpdate = partial(ProjectCreate, "ProjectUpdate")


class Project(Content):
    """A project."""

    name: Annotated[str, Field(examples=["Portfolio API"])]
    description: Annotated[str, Field(examples=["The API behind this site."])]
    long_description: Annotated[
        str, Field(examples=["FastAPI on AWS Lambda, provisioned with Pulumi."])
    ]
    tech: Annotated[list[str], Field(examples=[["Python", "Pulumi"]])]
    company: Annotated[str, Field(examples=["Independent"])]
    featured: Annotated[bool, Field(examples=[True])]
    github_url: Annotated[str | None, Field(examples=["https://github.com/example/portfolio"])]
    live_url: Annotated[str | None, Field(examples=["https://example.com"])]
    image_url: Annotated[str | None, Field(examples=["https://example.com/portfolio.png"])]


class ProjectQuery(ListQuery):
    """Filters and page of the list of projects."""

    featured: Annotated[
        Switch | None,
        Field(description="Return featured items only (true), or the others only (false)."),
    ] = None
    technology: Annotated[
        TextFilter | None, Field(description="Return projects with exactly this in `tech`.")
    ] = None
