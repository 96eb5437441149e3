"""Values for the fields of a kind of content, made from the JSON schema of its model.

The tests of a new kind start with these; `tests.contract.content_kinds` has the values of the
kinds in the contract.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from src.api.content import ContentApi

type Json = dict[str, Any]

TEXT: Final = (7, True, ["swordfish"], {"swordfish": 1})
"""Wrong values of a text."""

BLANK: Final = (None, "", " ", "\u3000\n\t")
"""Wrong values of a required text; they unset an optional one."""

EMPTY: Final = (None, "")
"""Values that unset an optional text with its blanks kept."""

SWITCH: Final[tuple[Any, ...]] = ("", 1, "true", "swordfish", [])
"""Wrong values of a boolean."""

URL: Final = (
    *(7, "swordfish", "//swordfish.example", "ftp://swordfish.example"),
    *("javascript:swordfish", "https://", "/swordfish"),
)
"""Wrong values of a URL."""

DAY: Final = (
    *(7, "swordfish", "2023-02-29", "2024-1-1", "01.02.2024"),
    *("2024-02-29T00:00:00Z", "20240229"),
)
"""Wrong values of a date."""

CHOICE: Final = (7, "Swordfish", "swordfish")
"""Wrong values of a field with a list of options."""

TEXTS: Final[tuple[Any, ...]] = (
    *("", "swordfish", {"swordfish": 1}),
    *([7], [None], ["fine", ["swordfish"]]),
)
"""Wrong values of a list of texts."""

NO_TEXTS: Final[tuple[Any, ...]] = (None, [], ["", " "])
"""Values that unset a list of texts."""

NUMBER: Final = ("", True, 1.5, "7")
"""Wrong values of a whole number."""

UNUSUAL_TEXT: Final = "Long enough: naïve, 世界, 😀."


class Bound(NamedTuple):
    """The largest valid value of a field, and the smallest one above the limit."""

    largest: Any
    too_large: Any


def characters(limit: int) -> tuple[Bound, ...]:
    """Return the bound of a text; its characters have two bytes, so a bound in bytes would show."""
    return (Bound("é" * limit, swordfish(limit + 1)),)


def texts(limit: int) -> tuple[Bound, ...]:
    """Return the bounds of a list of texts: of its length, and of each text's."""
    values = [f"text {number}" for number in range(limit + 1)]
    return Bound(values[:limit], values), Bound(["é" * 50], ["fine", swordfish(51)])


def swordfish(length: int) -> str:
    """Return a text of a length; answers must not repeat it."""
    return ("swordfish" * length)[:length]


LONGEST_URL: Final = "https://example.com/".ljust(2_000, "x")
URL_BOUND: Final = Bound(LONGEST_URL, f"{LONGEST_URL}x")


@dataclass(frozen=True)
class FieldValues:
    """Values of a field to send, to be taken or refused."""

    valid: Sequence[Any]
    """Valid values; the last differs from the first, if the field has two."""

    wrong: tuple[Any, ...]
    unset: tuple[Any, ...]
    """Values that unset an optional field, and are wrong for a required one."""

    bounds: tuple[Bound, ...] = ()
    is_text: bool = False


@dataclass(frozen=True)
class BodyValues:
    """The fields of an item to create, with values; texts are first."""

    required: Mapping[str, FieldValues]
    optional: Mapping[str, FieldValues]

    @property
    def fields(self) -> dict[str, FieldValues]:
        return {**self.required, **self.optional}


def body_values(api: ContentApi[Any]) -> BodyValues:
    """Return values for the fields of a kind."""
    schema = api.create.model_json_schema()
    fields = {
        name: _values(f"{api.create.__name__}.{name}", _present(schema, field))
        for name, field in schema["properties"].items()
    }
    names = sorted(schema["required"], key=lambda name: not fields[name].is_text)
    required = {name: fields.pop(name) for name in names}
    return BodyValues(required, fields)


def _present(schema: Json, field: Json) -> Json:
    """Return the schema of a field if it is not null."""
    (present,) = [each for each in field.get("anyOf", [field]) if each != {"type": "null"}]
    reference: str | None = present.get("$ref")
    return present if reference is None else schema["$defs"][reference.rpartition("/")[2]]


def _values(name: str, field: Json) -> FieldValues:
    """Return values of a field.

    Raises:
        ValueError: if the field is of a sort that is missing here.
    """
    make = _MAKERS.get(_sort_of(field))
    if make:
        return make(field)
    raise ValueError(
        f"There are no values for {name}: add them to tests/backend/field_values.py, "
        "or the whole kind to tests/contract/content_kinds.py and tests/backend/content_model.py."
    )


def _sort_of(field: Json) -> str:
    """Return the key of a field's maker."""
    if "enum" in field:
        return "enum"
    pattern: str = field.get("pattern", _NOT_BLANK)
    if pattern != _NOT_BLANK:
        return "url" if "://" in pattern else "date"
    sort: str = field.get("format") or field["type"]
    return sort


def _choice_values(field: Json) -> FieldValues:
    return FieldValues(field["enum"], CHOICE, EMPTY)


def _switch_values(_field: Json) -> FieldValues:
    return FieldValues([False, True], SWITCH, (None,))


def _url_values(_field: Json) -> FieldValues:
    valid = ["https://example.com/a", "HTTP://example.com?b#c"]
    return FieldValues(valid, URL, EMPTY, (URL_BOUND,))


def _day_values(_field: Json) -> FieldValues:
    return FieldValues(["2024-02-29", "2026-01-31", "2023-12-31"], DAY, EMPTY)


def _number_values(field: Json) -> FieldValues:
    least: int = field.get("minimum", 0)
    most: int = field.get("maximum", least + 2)
    bounds = (Bound(most, most + 1),) if "maximum" in field else ()
    return FieldValues([least, least + 1, most], NUMBER, (None,), bounds)


def _text_values(field: Json) -> FieldValues:
    limit: int = field["maxLength"]
    values = [text[:limit] for text in (UNUSUAL_TEXT, "x#y", "X", "é", "🎉", "Other text")]
    # ASCII: the limit may be one of bytes, which the schema cannot say.
    bound = Bound("x" * limit, swordfish(limit + 1))
    return FieldValues(values, TEXT, EMPTY, (bound,), is_text=True)


def _texts_values(_field: Json) -> FieldValues:
    # The schema cannot say how many different texts a list may have.
    return FieldValues([["contract", "tests"], ["x#y"], ["other"]], TEXTS, NO_TEXTS)


_NOT_BLANK: Final = r"[^\s\x1c-\x1f\x85]"
"""Pattern of a required text."""

_MAKERS: Final[Mapping[str, Callable[[Json], FieldValues]]] = {
    "enum": _choice_values,
    "url": _url_values,
    "date": _day_values,
    "boolean": _switch_values,
    "integer": _number_values,
    "array": _texts_values,
    "string": _text_values,
}
"""Makers of values, by `enum`, `url`, the format or the type in a field's schema."""
