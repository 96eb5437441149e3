"""Base classes of the API's models."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class ApiModel(BaseModel):
    """A model with camelCase keys in JSON and snake_case names in Python."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        frozen=True,
    )


class InputModel(ApiModel):
    """A body of a request: no coercion, no unknown keys, no empty strings.

    A string has 1 to 2,000 characters, unless its field has other limits.
    """

    model_config = ConfigDict(
        validate_by_name=False,
        extra="forbid",
        strict=True,
        str_min_length=1,
        str_max_length=2_000,
        hide_input_in_errors=True,
    )
