"""What every model of the API shares."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class ApiModel(BaseModel):
    """A model whose keys are camelCase in JSON and snake_case in Python."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        frozen=True,
    )


class InputModel(ApiModel):
    """A body that a client sends: nothing is coerced, no key is unknown, no string empty.

    A string is 1 to 2,000 characters long where its field does not say otherwise.
    """

    model_config = ConfigDict(
        validate_by_name=False,
        extra="forbid",
        strict=True,
        str_min_length=1,
        str_max_length=2_000,
        hide_input_in_errors=True,
    )
