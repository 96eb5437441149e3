"""The body of every error."""

from typing import Annotated

from pydantic import Field

from src.models.base import ApiModel


class ErrorBody(ApiModel):
    """What went wrong."""

    error: Annotated[
        str, Field(description="The status in words.", examples=["Service Unavailable"])
    ]
    message: Annotated[
        str,
        Field(
            description="What is wrong, in a sentence.",
            examples=["The service is busy: try again in a moment."],
        ),
    ]
    status_code: Annotated[int, Field(examples=[503])]
    details: Annotated[
        dict[str, str] | None,
        Field(
            # A plain default would stand in the schema.
            default_factory=lambda: None,
            description="Each wrong field's reason, by its path as the client sent it.",
            examples=[{"tags.0": "must be at most 50 long"}],
        ),
    ]
