"""Values for the fields of a kind of content, made from the JSON schema of its model.

The tests of a new kind start with these; `tests.contract.content_kinds` has the values of the
kinds in the contract.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from src.api.content import ContentApi

type Json = dict[str, Any]

TEXT: Final = ("", None, 7, True, {"swordfish": 1})
"""Wrong values of a text."""

SWITCH: Final = (None, 1, "true", "swordfish")
"""Wrong values of a boolean."""

URL: Final = (
    *("", 7, "swordfish", "//swordfish.example", "ftp://swordfish.example"),
    *("javascript:swordfish", "https://", "/swordfish"),
)
"""Wrong values of a URL."""

DAY: Final = (
    *("", None, 7, "swordfish", "2023-02-29", "2024-1-1", "01.02.2024"),
    *("2024-02-29T00:00:00Z", "20240229"),
)
"""Wrong values of a date."""

CHOICE: Final = ("", None, 7, "Swordfish", "swordfish")
"""Wrong values of a field with a list of options."""

TEXTS: Final[tuple[Any, ...]] = ([], [""], [7], [None], None, "swordfish")
"""Wrong values of a list of texts."""

NUMBER: Final = ("", None, True, 1.5, "7")
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
    bounds: tuple[Bound, ...] = ()
    is_text: bool = False


@dataclass(frozen=True)
class BodyValues:
    """The fields of an item to create, with values; texts are first."""

    required: Mapping[str, FieldValues]
    nullable: Mapping[str, FieldValues]

    @property
    def fields(self) -> dict[str, FieldValues]:
        return {**self.required, **self.nullable}


def body_values(api: ContentApi[Any]) -> BodyValues:
    """Return values for the fields of a kind; those with a default of their own are left out."""
    schema = api.create.model_json_schema()
    required: dict[str, FieldValues] = {}
    nullable: dict[str, FieldValues] = {}
    for name, field in schema["properties"].items():
        options = [_resolve(schema, each) for each in field.get("anyOf", [field])]
        is_nullable = {"type": "null"} in options
        if not is_nullable and name not in schema["required"]:
            continue
        values = _values(f"{api.create.__name__}.{name}", {**field, **options[0]})
        if is_nullable:
            nullable[name] = _with_null(values)
        else:
            required[name] = values
    texts_first = sorted(required.items(), key=lambda item: not item[1].is_text)
    return BodyValues(dict(texts_first), nullable)


def _resolve(schema: Json, node: Json) -> Json:
    reference: str | None = node.get("$ref")
    return node if reference is None else schema["$defs"][reference.rpartition("/")[2]]


def _with_null(values: FieldValues) -> FieldValues:
    wrong = tuple(value for value in values.wrong if value is not None)
    return FieldValues([None, *values.valid], wrong, values.bounds)


def _values(name: str, field: Json) -> FieldValues:
    """Return values of a field; its format says more of it than its type does.

    Raises:
        ValueError: if the field is of a sort that is missing here.
    """
    for key in ("enum", "format", "type"):
        if key in field:
            make = _MAKERS.get("enum" if key == "enum" else field[key])
            if make and ("pattern" not in field or field.get("format") == "uri"):
                return make(field)
    raise ValueError(
        f"There are no values for {name}: add them to tests/backend/field_values.py, "
        "or the whole kind to tests/contract/content_kinds.py and tests/backend/content_model.py."
    )


def _choice_values(field: Json) -> FieldValues:
    return FieldValues(field["enum"], CHOICE)


def _switch_values(_field: Json) -> FieldValues:
    return FieldValues([False, True], SWITCH)


def _url_values(_field: Json) -> FieldValues:
    return FieldValues(["https://example.com/a", "HTTP://example.com?b#c"], URL, (URL_BOUND,))


def _day_values(_field: Json) -> FieldValues:
    return FieldValues(["2024-02-29", "2026-01-31", "2023-12-31"], DAY)


def _number_values(field: Json) -> FieldValues:
    least: int = field.get("minimum", 0)
    most: int = field.get("maximum", least + 2)
    bounds = (Bound(most, most + 1),) if "maximum" in field else ()
    return FieldValues([least, least + 1, most], NUMBER, bounds)


def _text_values(field: Json) -> FieldValues:
    limit: int = field["maxLength"]
    values = [text[:limit] for text in (UNUSUAL_TEXT, "x#y", "X", "é", "🎉", "Other text")]
    # ASCII: the limit may be one of bytes, which the schema cannot say.
    bound = Bound("x" * limit, swordfish(limit + 1))
    return FieldValues(values, TEXT, (bound,), is_text=True)


def _texts_values(field: Json) -> FieldValues:
    bounds = texts(field["maxItems"])[:1] if "maxItems" in field else ()
    return FieldValues([["contract", "tests"], ["x#y"], ["other"]], TEXTS, bounds)


_MAKERS: Final[Mapping[str, Callable[[Json], FieldValues]]] = {
    "enum": _choice_values,
    "uri": _url_values,
    "date": _day_values,
    "boolean": _switch_values,
    "integer": _number_values,
    "array": _texts_values,
    "string": _text_values,
}
"""Makers of values, by `enum`, the format or the type in a field's schema."""
