"""Requests on the terminal of `make up`: one line for each, and the function's log below it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from rich.text import Text

from infra.package import HEALTH_EVENT
from portfolio.logs.render import render_content, render_label, shorten_id
from portfolio.terminal import printable

if TYPE_CHECKING:
    from portfolio.local.function_log import FunctionLog, Invocation
    from portfolio.local.gateway import AccessLogEntry
    from portfolio.logs.line import Line
    from portfolio.terminal import Terminal

_HEALTH_CHECK: Final[str] = HEALTH_EVENT["requestContext"]["requestId"]
"""The id of the health check after each change of the code; it comes without a request."""

_INDENT: Final = "    "
_SERVER_ERROR: Final = 500
_CLIENT_ERROR: Final = 400


class RequestLines:
    """Prints requests, each with the logged and printed lines of the function below it."""

    def __init__(
        self,
        log: "FunctionLog",
        terminal: "Terminal",
        has_ended: Callable[[], bool],
        record: "Callable[[AccessLogEntry, Sequence[Line]], None]",
    ) -> None:
        """Start without requests.

        Args:
            log: the function's log.
            terminal: prints the lines.
            has_ended: returns True after the emulator has stopped; then nothing is reported.
            record: is called with each request and its lines.
        """
        self._log, self._terminal, self._has_ended = log, terminal, has_ended
        self._record = record
        self._early: list[Invocation] = []
        self._showing = Lock()

    def show(self, entries: "Sequence[AccessLogEntry]") -> None:
        """Print requests with their log, then the log of calls without a request.

        The log of an unknown request waits for the next call of this method: its answer may still
        be on the way.
        """
        with self._showing:
            new = self._read()
            found, others = _assign(entries, [*self._early, *new])
            for entry in entries:
                self._print(_render_entry(entry), found[entry.request_id])
                self._record(entry, found[entry.request_id])
            self._early = [each for each in others if each in new and _has_request(each)]
            for each in others:
                if each.lines and each not in self._early:
                    self._print(_render_call(each), each.lines)

    def _read(self) -> "list[Invocation]":
        try:
            return self._log.read_new()
        except (ClientError, BotoCoreError) as error:
            if not self._has_ended():
                self._terminal.warn(f"The function's log cannot be read: {error}")
            return []

    def _print(self, title: Text, lines: "Iterable[Line]") -> None:
        """Print everything at once: nothing else can come between."""
        self._terminal.say(Text("\n").join([title, *map(_render_line, lines)]))


def _assign(
    entries: "Iterable[AccessLogEntry]", invocations: "Iterable[Invocation]"
) -> "tuple[dict[str, list[Line]], list[Invocation]]":
    """Return the lines of each request by its id, and the invocations without a request."""
    lines: dict[str, list[Line]] = {entry.request_id: [] for entry in entries}
    failed = [entry for entry in entries if entry.status >= _SERVER_ERROR]
    others: list[Invocation] = []
    for each in invocations:
        request_id = each.request_id or _find_crashed(failed, each.logged)
        if request_id in lines:
            lines[request_id] += each.lines
        else:
            others.append(each)
    return lines, others


def _find_crashed(failed: "Iterable[AccessLogEntry]", logged: int) -> str | None:
    """Return the failed request at the time of a log without a request's id: of a crash."""
    during = (
        entry.request_id
        for entry in failed
        if int(1000 * entry.arrived.timestamp()) <= logged <= 1000 * entry.answered.timestamp()
    )
    return next(during, None)


def _has_request(invocation: "Invocation") -> bool:
    return invocation.request_id not in {None, _HEALTH_CHECK}


def _render_entry(entry: "AccessLogEntry") -> Text:
    method, path = printable(entry.method), printable(entry.path)
    time = f"{entry.arrived.astimezone():%H:%M:%S}"
    line = f"{time}  {entry.status}  {method:<6} {path}  {entry.latency:.0f} ms"
    request_id = printable(shorten_id(entry.request_id))
    return Text.assemble((line, _style(entry.status)), "  ", (request_id, "dim"))


def _style(status: int) -> str:
    if status >= _SERVER_ERROR:
        return "red"
    return "yellow" if status >= _CLIENT_ERROR else ""


def _render_call(invocation: "Invocation") -> Text:
    moment = datetime.fromtimestamp(invocation.logged / 1000).astimezone()
    return Text(f"{moment:%H:%M:%S}  call of the function without a request")


def _render_line(line: "Line") -> Text:
    """Render a logged line after its level, or printed lines as they are; indented."""
    if line.label:
        content = Text.assemble(render_label(line), " ", render_content(line))
    else:
        content = render_content(line, indent="")
    return Text("\n").join(Text(_INDENT).append_text(each) for each in content.split("\n"))
