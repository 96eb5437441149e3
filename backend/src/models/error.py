"""The body of every error."""

from src.models.base import ApiModel


class ErrorBody(ApiModel):
    """What went wrong."""

    error: str
    """The status in words: `Not Found`."""

    message: str
    """What is wrong, in a sentence."""

    status_code: int

    details: dict[str, str] | None = None
    """Each wrong field's reason, by its path as the client sent it: `tags.0`."""
