"""An answer of the API, from its gateway or from the function itself."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from portfolio.terminal import printable

if TYPE_CHECKING:
    from portfolio.terminal import Terminal


@dataclass(frozen=True)
class Answer:
    """The parts of an answer to show."""

    status: int
    headers: Mapping[str, str]
    """The headers, with names in lower case."""

    body: str

    @property
    def has_failed(self) -> bool:
        """True for a status of 400 or more."""
        return self.status >= HTTPStatus.BAD_REQUEST

    def show(self, milliseconds: float, terminal: "Terminal") -> None:
        """Print the body on standard output, and the rest on standard error.

        Args:
            milliseconds: the duration of the call.
            terminal: prints both.
        """
        request_id = self.headers.get("x-request-id") or self.headers.get("apigw-requestid", "")
        phrase = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else ""
        terminal.note(f"{self.status} {phrase}  {milliseconds:.0f} ms  {printable(request_id)}")
        if self.body:
            terminal.say(_indent_json(self.body))


def parse_result(result: dict[str, Any]) -> Answer:
    """Return the answer in the function's result for an event of an HTTP API."""
    headers: dict[str, str] = result.get("headers") or {}
    body: str = result.get("body") or ""
    if result.get("isBase64Encoded"):
        body = b64decode(body).decode(errors="replace")
    return Answer(result["statusCode"], {name.lower(): headers[name] for name in headers}, body)


def _indent_json(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text.rstrip("\n")
