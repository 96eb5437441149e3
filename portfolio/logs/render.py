"""Events as lines for people."""

import json
import re
from datetime import datetime
from typing import Final

from rich.text import Text

from portfolio.logs.events import LogEvent
from portfolio.logs.line import Line, Weight
from portfolio.logs.parse import parse_event
from portfolio.logs.platform_lines import is_start_or_end
from portfolio.logs.tracebacks import SOURCE, shorten_tracebacks
from portfolio.terminal import printable, without_secret

_STYLES: Final[dict[Weight, str]] = {
    "chatter": "dim",
    "normal": "",
    "warning": "yellow",
    "error": "red",
}
_HIGHLIGHT: Final = "black on yellow"
_OUR_PLACE: Final = rf"{SOURCE}\S+?:\d+"
_LABEL_WIDTH: Final = 7
_INDENT: Final = "    "
_UUID_LENGTH: Final = 36


class Renderer:
    """Renders a stage's events, one after the other.

    Lambda's own lines hold only the id of the invocation. The function's earlier lines connect it
    with a request.
    """

    def __init__(
        self,
        *,
        level: Weight = "chatter",
        full: bool = False,
        searched: re.Pattern[str] | None = None,
    ) -> None:
        """Start without known requests.

        Args:
            level: the minimum importance of the lines.
            full: True to show every frame of a traceback.
            searched: text to highlight.
        """
        self._level: Weight = level
        self._full, self._searched = full, searched
        self._gateway_ids: dict[str, str] = {}
        self._id_width = 8

    def render(self, event: LogEvent) -> Text | None:
        """Render one line, or several for a traceback; None for an event without information."""
        if event.group.source == "function" and is_start_or_end(event.message):
            return None
        line = parse_event(event)
        # First: the line may connect the ids of others.
        short_id = self._short_id(line)
        if not line.is_at_least(self._level):
            return None
        text = Text.assemble(
            (local_time(event.timestamp), "dim"),
            " ",
            render_label(line),
            " ",
            (f"{short_id:<{self._id_width}}", "cyan"),
            " ",
            render_content(line, full=self._full),
        )
        if self._searched:
            text.highlight_regex(self._searched, _HIGHLIGHT)
        return text

    def _short_id(self, line: Line) -> str:
        """Return the common id of a request's lines, as short as `--request-id` accepts it."""
        request_id, function_id = line.request_id, line.function_request_id
        if request_id and function_id:
            self._remember(function_id, request_id)
        known = self._gateway_ids.get(function_id or "")
        whole = printable(request_id or known or function_id or "")
        short = shorten_id(whole)
        self._id_width = max(self._id_width, len(short))
        return short

    def _remember(self, function_id: str, request_id: str) -> None:
        self._gateway_ids[function_id] = request_id
        if len(self._gateway_ids) > _REMEMBERED:
            del self._gateway_ids[next(iter(self._gateway_ids))]


_REMEMBERED: Final = 10_000
"""The number of requests with remembered ids, for later lines."""


def shorten_id(request_id: str) -> str:
    """Return the first part of a UUID, or any other id as it is; `--request-id` accepts both."""
    return request_id.partition("-")[0] if len(request_id) == _UUID_LENGTH else request_id


def render_label(line: Line) -> Text:
    """Render a line's level, or the name of its writer."""
    label, style = printable(line.label), _STYLES[line.weight]
    return Text(f"{label:<{_LABEL_WIDTH}}", f"bold {style}" if label.isupper() else style)


def render_content(line: Line, *, full: bool = False, indent: str = _INDENT) -> Text:
    """Render a line's message, fields and further lines, with short tracebacks.

    Args:
        line: the line.
        full: True to show every frame of a traceback.
        indent: the characters before each further line.
    """
    style = _STYLES[line.weight]
    text = Text.assemble((_escaped(line.message), style), (_fields(line), "dim"))
    text.append(_indented(shorten_tracebacks(line.details, full=full), indent), style)
    text.highlight_regex(_OUR_PLACE, "bold")
    return text


def render_json(event: LogEvent) -> str:
    """Return an event with the name of its log group, as JSON on one line."""
    return json.dumps({"logGroupName": event.group.name, **event.raw})


def local_time(timestamp: int) -> str:
    """Return the time of this machine's zone, with the date unless it is today.

    Args:
        timestamp: milliseconds since 1970.
    """
    moment = datetime.fromtimestamp(timestamp / 1000).astimezone()
    today = datetime.now().astimezone().date()
    date = "" if moment.date() == today else f"{moment:%Y-%m-%d} "
    return f"{date}{moment:%H:%M:%S}.{moment.microsecond // 1000:03}"


def _fields(line: Line) -> str:
    each = (f"{name}={_value(value)}" for name, value in line.fields.items())
    return "".join(f"  {_escaped(field)}" for field in each)


def _value(value: object) -> str:
    if isinstance(value, str) and value and not any(each.isspace() for each in value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _indented(text: str, indent: str) -> str:
    return "".join(f"\n{indent}{_escaped(line)}" for line in text.rstrip().splitlines())


def _escaped(text: str) -> str:
    return printable(without_secret(text).expandtabs(4))
