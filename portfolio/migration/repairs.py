"""Repairs of old fields, until the API's own rules accept them.

The old API checked little. A rule that a field breaks decides:

- A long title or description is cut, a long list too.
- A wrong URL, icon or switch is unset.
- Anything else is not repaired: the item is skipped, such as a text above the limit in bytes.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from pydantic import ValidationError

from src.models.certification import CertificationType
from src.models.fields import tidy
from src.utils.validation import explain

if TYPE_CHECKING:
    from src.models.content import ContentInput

_CUT: Final = frozenset(
    {"title", "name", "excerpt", "category", "company", "issuer", "description", "tags", "tech"}
)
_UNSET: Final = frozenset(
    {"icon", "featured", "githubUrl", "liveUrl", "imageUrl", "credentialUrl", "expiry_date"}
)
_LISTS: Final = frozenset({"tags", "tech"})
_ROUNDS: Final = 20
"""Limit of repairs in a row; a field breaks one rule after the other."""

_SHOWN: Final = 60
"""Maximum number of characters shown of an old value."""


class SkippedError(Exception):
    """An old item cannot be carried over; the message is the reason."""


@dataclass
class Repairs:
    """The repaired fields of an item, with the old value and the reason."""

    reasons: dict[str, str] = field(default_factory=dict[str, str])

    def note(self, name: str, value: object, reason: str) -> None:
        """Note a repair; the first one of a field has its old value."""
        self.reasons.setdefault(name, f"{name}: {shown(value)} {reason}")


def shown(value: object) -> str:
    """Return a value as JSON, cut to a few words."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text


def fit[InputT: "ContentInput"](
    model: type[InputT], old: Mapping[str, Any], repairs: Repairs
) -> InputT:
    """Return the old fields as a body of the API, repaired.

    Raises:
        SkippedError: if a field cannot be repaired.
    """
    body = {name: _clean(name, value, repairs) for name, value in old.items()}
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(body)
        except ValidationError as error:
            problems = error.errors(include_url=False)
        # `explain` leaves out the first part of a path, the place in a request.
        reasons = explain({**each, "loc": ("body", *each["loc"])} for each in problems)
        for each in problems:
            reason = reasons[".".join(map(str, each["loc"]))]
            _repair(body, str(each["loc"][0]), each.get("ctx", {}), reason, repairs)
    raise SkippedError(f"it breaks more than {_ROUNDS} rules of the API")


def _repair(
    body: dict[str, Any], name: str, limits: Mapping[str, Any], reason: str, repairs: Repairs
) -> None:
    value, most = body.get(name), limits.get("max_length")
    if name in _CUT and most and isinstance(value, list):
        values = cast("list[object]", value)
        body[name] = _cut_list(values, most, is_too_long=limits.get("field_type") == "List")
        repairs.note(name, values, f"is cut: {reason}")
    elif name in _CUT and most and isinstance(value, str):
        body[name] = _cut(value, most)
        repairs.note(name, value, f"is cut: {reason}")
    elif name in _UNSET or (name in _LISTS and not isinstance(value, list)):
        body[name] = None
        repairs.note(name, value, f"is left out: {reason}")
    else:
        raise SkippedError(f"{name}: {shown(body.get(name))} {reason}")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _cut_list(values: list[object], most: int, *, is_too_long: bool) -> Sequence[object]:
    """Return a list with fewer texts, or with shorter ones."""
    if is_too_long:
        return list(dict.fromkeys(each for each in values if each and isinstance(each, str)))[:most]
    return [_cut(each, most) if isinstance(each, str) else each for each in values]


def _clean(name: str, value: object, repairs: Repairs) -> object:
    """Return a value in the form of the API; repairs without a loss are noted too."""
    tidied = tidy(value, trimmed=name not in {"content", "longDescription"})
    if name in _LISTS and isinstance(tidied, list):
        return [each for each in cast("list[object]", tidied) if each is not None]
    cleaner = _CLEANERS.get(name)
    return cleaner(name, tidied, repairs) if cleaner and isinstance(tidied, str) else tidied


def _clean_type(name: str, value: str, repairs: Repairs) -> str:
    lower = value.lower()
    if lower == value or lower not in get_args(CertificationType.__value__):
        return value
    repairs.note(name, value, "is written in lower case")
    return lower


def _clean_day(name: str, value: str, repairs: Repairs) -> str:
    """Return a day; the old API stored a time for a missing one."""
    if not value or _is_day(value):
        return value
    try:
        day = read_time(value).date().isoformat()
    except ValueError:
        raise SkippedError(f"{name}: {shown(value)} is not a date") from None
    repairs.note(name, value, f"is a time: its day is {day}")
    return day


_CLEANERS: Final[dict[str, Callable[[str, str, Repairs], str]]] = {
    "type": _clean_type,
    "dateEarned": _clean_day,
}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def read_time(value: object) -> datetime:
    """Return a time in UTC; an old one without an offset is in UTC too.

    Raises:
        ValueError: if the value is not a time in ISO 8601.
    """
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - callers expect one error
    moment = datetime.fromisoformat(value)
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("out of range") from None


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return str(value)
