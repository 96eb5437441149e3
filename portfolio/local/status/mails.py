"""The mails of the user pool, kept by the emulator."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import httpx
from pydantic import BaseModel

from portfolio.local.emulator import ACCOUNT_ID

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator

_MAILBOX: Final = "/_ministack/ses/messages"
_TIMEOUT: Final = 10
_MOST: Final = 100
"""The number of mails to show, at most."""

_COGNITO: Final = "Cognito"


class _Message(BaseModel):
    Type: str
    Timestamp: float
    Source: str
    To: list[str]
    Subject: str
    BodyText: str
    BodyHtml: str | None = None
    """Instead of `BodyText`, if the text has tags."""


class _Mailbox(BaseModel):
    messages: dict[str, list[_Message]]
    """The messages by account."""


@dataclass(frozen=True)
class Mail:
    """A mail that Cognito would send."""

    time: str
    kind: str
    """The emulator's name for the occasion, such as `CognitoInvitationMessage`."""

    sender: str
    recipients: str
    subject: str
    text: str


def list_mails(emulator: "Emulator") -> list[Mail]:
    """Return the mails of Cognito, the newest first.

    Raises:
        HTTPError: if the emulator does not answer.
    """
    url = f"{emulator.endpoint}{_MAILBOX}"
    answer = httpx.get(url, timeout=_TIMEOUT, trust_env=False)
    answer.raise_for_status()
    messages = _Mailbox.model_validate_json(answer.content).messages.get(ACCOUNT_ID, [])
    own = [each for each in messages if each.Type.startswith(_COGNITO)]
    own.sort(key=lambda each: each.Timestamp, reverse=True)
    return [_describe(each) for each in own[:_MOST]]


def _describe(message: _Message) -> Mail:
    sent = datetime.fromtimestamp(message.Timestamp).astimezone()
    return Mail(
        f"{sent:%Y-%m-%d %H:%M:%S}",
        message.Type,
        message.Source,
        ", ".join(message.To),
        message.Subject,
        message.BodyText or message.BodyHtml or "",
    )
