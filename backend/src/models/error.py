"""The bodies of errors."""

from typing import Annotated

from pydantic import Field

from src.models.base import ApiModel


class GatewayErrorBody(ApiModel):
    """An error of the gateway itself: the request did not reach the function, or it failed."""

    message: Annotated[str, Field(examples=["Service Unavailable"])]


class ErrorBody(ApiModel):
    """An error of the function."""

    error: Annotated[
        str, Field(description="The status in words.", examples=["Service Unavailable"])
    ]
    message: Annotated[
        str,
        Field(
            description="The error in a sentence, fit to be shown.",
            examples=["The service is busy: try again in a moment."],
        ),
    ]
    detail: Annotated[
        str,
        Field(
            description="The same sentence as `message`.",
            examples=["The service is busy: try again in a moment."],
        ),
    ]
    status_code: Annotated[int, Field(examples=[503])]
    details: Annotated[
        dict[str, str] | None,
        Field(
            # The schema would show a plain default.
            default_factory=lambda: None,
            description="The reason for each wrong field, by its path in the input.",
            examples=[{"tags.3": "must have at most 50 characters"}],
        ),
    ]
