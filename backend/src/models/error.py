"""The body of every error."""

from typing import Annotated

from pydantic import Field

from src.models.base import ApiModel


class ErrorBody(ApiModel):
    """An error."""

    error: Annotated[
        str, Field(description="The status in words.", examples=["Service Unavailable"])
    ]
    message: Annotated[
        str,
        Field(
            description="The error in a sentence.",
            examples=["The service is busy: try again in a moment."],
        ),
    ]
    status_code: Annotated[int, Field(examples=[503])]
    details: Annotated[
        dict[str, str] | None,
        Field(
            # The schema would show a plain default.
            default_factory=lambda: None,
            description="The reason for each wrong field, by its path in the body.",
            examples=[{"tags.0": "must be at most 50 long"}],
        ),
    ]
