"""JSON as in RFC 8259; Python's own parser accepts more."""

import json
import math
from typing import Final, Never, cast

from src.utils.errors import BadRequestError

MAX_KEYS: Final = 200
"""Maximum number of keys in an object; each unknown key costs pydantic an error."""


class TooManyKeysError(BadRequestError):
    """An object in a body has too many keys."""


def parse_json(body: bytes) -> object:
    """Parse a body.

    Raises:
        TooManyKeysError: if an object has more than 200 keys.
        BadRequestError: if it is not JSON, not UTF-8, nested too deeply, or has a number or a
            character that cannot be stored: `NaN`, `1e999`, half a surrogate pair.
    """
    try:
        value: object = json.loads(
            body.decode(),
            parse_constant=_refuse_constant,
            parse_float=_read_float,
            object_pairs_hook=_make_object,
        )
        if b"\\u" in body:
            # Only an escape can write half a pair; encoding finds it in keys and values.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise BadRequestError("The body is not valid UTF-8 text.") from None
    except RecursionError:
        raise BadRequestError("The body is nested too deeply.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadRequestError(f"The body is not valid JSON ({place}).") from None
    except ValueError:
        raise BadRequestError("The body has a number that is out of range.") from None
    return value


def read_object(body: bytes) -> dict[str, object]:
    """Return the object in a body, or an empty one if the body is anything else.

    Raises:
        TooManyKeysError: if an object has more than 200 keys.
    """
    try:
        value = parse_json(body)
    except TooManyKeysError:
        raise
    except BadRequestError:
        return {}
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) > MAX_KEYS:
        raise TooManyKeysError(f"The body has an object with more than {MAX_KEYS} keys.")
    return dict(pairs)


def _refuse_constant(_literal: str) -> Never:
    raise ValueError


def _read_float(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):
        raise ValueError
    # JSON Schema's whole numbers may be written `7.0`.
    return int(number) if number.is_integer() else number
