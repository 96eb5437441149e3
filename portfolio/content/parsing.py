"""Check of a line of a content file: its form, its fields and their limits."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from portfolio.content.records import DayRecord, EndRecord, ItemRecord, Record, TotalRecord
from src.api.kinds import KINDS
from src.models.content import Content, SluggedContent
from src.models.fields import Day
from src.repositories.content_index import is_content_id, is_slug
from src.utils.validation import explain

_TIME: Final = re.compile(
    r"[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z",
    re.ASCII,
)
_NOT_A_TIME: Final = "must be a time in UTC such as 2026-01-31T09:30:00Z"
_KINDS: Final = {api.kind.name: api for api in KINDS}


class LineError(Exception):
    """A line is wrong; the argument maps each wrong field to the reason."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


def _check_time(value: object) -> object:
    if value is not None and not (isinstance(value, str) and _TIME.fullmatch(value)):
        raise ValueError(_NOT_A_TIME)
    return value


_Count = Annotated[int, Field(ge=0, le=10**15, strict=True)]
_Time = Annotated[datetime | None, BeforeValidator(_check_time)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Item(_Line):
    record: Literal["item"]
    kind: str
    item: dict[str, Any]
    views: _Count


class _Day(_Line):
    record: Literal["day"]
    date: Day
    visitors: Annotated[_Count, Field(ge=1)]


class _Total(_Line):
    record: Literal["total"]
    visitors: _Count
    last: _Time


class _End(_Line):
    record: Literal["end"]
    lines: _Count


def parse_object(line: bytes) -> dict[str, Any]:
    """Return the object of a line.

    Raises:
        LineError: if the line is not a JSON object.
    """
    try:
        value: object = from_json(line, allow_inf_nan=False)
    except ValueError as error:
        raise LineError({"line": f"is not JSON: {error}"}) from None
    if not isinstance(value, dict):
        raise LineError({"line": "must be a JSON object"})
    return cast("dict[str, Any]", value)


def parse_record(line: bytes) -> Record:
    """Return the record of a line after the first one.

    Raises:
        LineError: with a reason for each wrong field.
    """
    value = parse_object(line)
    match value.get("record"):
        case "item":
            return _parse_item(_validate(_Item, value))
        case "day":
            day = _validate(_Day, value)
            return DayRecord(day.date, day.visitors)
        case "total":
            total = _validate(_Total, value)
            return TotalRecord(total.visitors, total.last)
        case "end":
            return EndRecord(_validate(_End, value).lines)
        case _:
            raise LineError({"record": "must be item, day, total or end"})


def _parse_item(line: _Item) -> ItemRecord:
    api = _KINDS.get(line.kind)
    if api is None:
        raise LineError({"kind": f"must be one of {', '.join(_KINDS)}"})
    unknown = line.item.keys() - {
        field.alias or name for name, field in api.kind.model.model_fields.items()
    }
    if unknown:
        raise LineError({f"item.{name}": "is unknown" for name in sorted(unknown)})
    # The fields that clients send obey the limits of the API, and are tidied as there.
    sent = _validate(api.create, line.item, "item").model_dump(by_alias=True)
    item: Content = _validate(api.kind.model, line.item | sent, "item")
    if reasons := dict(_wrong_fields(item, line.item)):
        raise LineError(reasons)
    return ItemRecord(api, item, line.views)


def _wrong_fields(item: Content, raw: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the fields set by the server that it could not have set, with the reasons."""
    if not is_content_id(item.id):
        yield "item.id", "must be a UUID of version 4, in lower case"
    if isinstance(item, SluggedContent) and not is_slug(item.slug):
        yield "item.slug", "must have 1 to 200 of the characters a-z, 0-9 and -"
    for name, field in type(item).model_fields.items():
        key = field.alias or name
        # pydantic accepts numbers and other time zones too.
        if isinstance(getattr(item, name), datetime) and not _is_time(raw[key]):
            yield f"item.{key}", _NOT_A_TIME


def _is_time(value: object) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _validate[ModelT: BaseModel](
    model: type[ModelT], value: Mapping[str, object], place: str = ""
) -> ModelT:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        # `explain` drops the first part of a path, which is the body in a request.
        prefix = ("line", place) if place else ("line",)
        errors = [each | {"loc": (*prefix, *each["loc"])} for each in error.errors()]
        raise LineError(explain(errors)) from None
