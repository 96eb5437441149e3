"""Base classes of the API's models."""

from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

_SPELLINGS: Final = {"github": "GitHub", "id": "ID", "ids": "IDs", "url": "URL"}


def make_title(name: str, _field: object) -> str:
    """Return the title of a field as people write it: `GitHub URL` for `github_url`."""
    first, *rest = name.split("_")
    words = [_SPELLINGS.get(first, first.capitalize())]
    return " ".join([*words, *(_SPELLINGS.get(word, word) for word in rest)])


class ApiModel(BaseModel):
    """A model with camelCase keys in JSON and snake_case names in Python."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        field_title_generator=make_title,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        frozen=True,
    )


class InputModel(ApiModel):
    """A body of a request: no coercion, no empty strings; unknown keys are ignored.

    A string has 1 to 2,000 characters, unless its field has other limits.
    """

    model_config = ConfigDict(
        validate_by_name=False,
        extra="ignore",
        strict=True,
        str_min_length=1,
        str_max_length=2_000,
        hide_input_in_errors=True,
    )
