"""A request to send, and the files for its body or its event."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from infra.errors import InvocationError
from portfolio.invocation.event import make_event


@dataclass(frozen=True)
class Call:
    """A request to send."""

    method: str
    path: str
    """The path, with its query."""

    body: str | None = None
    token: str | None = None
    """The ID token of the caller."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers for body and token, with names in lower case."""
        content_type = {} if self.body is None else {"content-type": "application/json"}
        return content_type | ({"authorization": f"Bearer {self.token}"} if self.token else {})

    def make_event(self) -> dict[str, Any]:
        """Return the event of an HTTP API for this request."""
        return make_event(self.method, self.path, self.body, self.headers)


def read_body(text: str | None) -> str | None:
    """Return a body as it was typed, of a file after `@`, or of standard input after `@-`.

    Raises:
        InvocationError: if the file cannot be read.
    """
    if text is None or not text.startswith("@"):
        return text
    return sys.stdin.read() if text == "@-" else _read(Path(text[1:]))


def read_event(file: Path) -> dict[str, Any]:
    """Return the event in a JSON file.

    Raises:
        InvocationError: if the file cannot be read, or does not contain a JSON object.
    """
    try:
        event: Any = json.loads(_read(file))
    except ValueError as error:
        raise InvocationError(f"{file} is not JSON: {error}.") from None
    if not isinstance(event, dict) or not event:
        raise InvocationError(
            f"{file} is not an event: see portfolio event GET /blogs for an example."
        )
    return cast("dict[str, Any]", event)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise InvocationError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InvocationError(f"{file} cannot be read: it is not text in UTF-8.") from None
