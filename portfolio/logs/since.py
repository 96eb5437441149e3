"""`--since`: the start time."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from infra.errors import CommandLineError

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_since(text: str, now: datetime | None = None) -> int:
    """Return the start time in milliseconds since 1970.

    Args:
        text: a duration before now, such as `10m`, or an ISO time, local by default.
        now: the current time.

    Raises:
        CommandLineError: if the text is neither, or in the future.
    """
    now = now or datetime.now(UTC)
    moment = _moment(text.strip(), now)
    if moment is None:
        raise CommandLineError(
            f"--since {text!r} is not a time: use a duration such as 30s, 10m, 2h or 1d, "
            "or an ISO time such as 2026-01-31T09:30."
        )
    if moment > now:
        raise CommandLineError(f"--since {text!r} is in the future.")
    return max(0, int(1000 * moment.timestamp()))


def _moment(text: str, now: datetime) -> datetime | None:
    duration = re.fullmatch(r"(\d+)([smhd])", text, re.ASCII)
    try:
        if duration:
            return now - timedelta(**{_UNITS[duration[2]]: int(duration[1])})
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        return None
