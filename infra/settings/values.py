"""What the value of a setting may be."""

import json
import re
from collections.abc import Callable
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, Strict

from infra.settings.nearest import nearest
from infra.settings.regions import commercial_regions

_HOST: Final = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_ORIGIN: Final = r"https?://[a-z0-9.-]+(:\d+)?|\*"


def _like(
    pattern: str, meaning: str, repair: Callable[[str], str] = lambda value: value
) -> AfterValidator:
    """Texts of this pattern, which a message describes in words.

    Args:
        pattern: of the whole text.
        meaning: completes "must be".
        repair: turns what people write instead into what they mean.
    """

    def check(value: str) -> str:
        if re.fullmatch(pattern, value):
            return value
        meant = repair(value)
        hint = f": did you mean {meant}?" if re.fullmatch(pattern, meant) else ""
        raise ValueError(f"must be {meaning}{hint}")

    return AfterValidator(check)


def _decode(value: object) -> object:
    """Read the JSON in which the engine hands over whatever is not a text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _unset(marker: str | int) -> BeforeValidator:
    """Read None in the default that `Pulumi.yaml` declares: without one a key is required."""
    return BeforeValidator(lambda value: None if value == marker else value)


def _refuse_empty[ItemT](items: tuple[ItemT, ...]) -> tuple[ItemT, ...]:
    if not items:
        raise ValueError("must not be empty")
    return items


def _refuse_zero(value: object) -> object:
    if value == 0 and not isinstance(value, bool):
        raise ValueError("would stop the function: must be at least 1, or -1 to reserve nothing")
    return value


def _quote_account(value: object) -> object:
    if isinstance(value, int):
        raise ValueError('must stand in quotes, such as "123456789012": YAML reads a number')  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def _check_region(region: str) -> str:
    if region in commercial_regions():
        return region
    meant = nearest(region, commercial_regions())
    hint = f": did you mean {meant}?" if meant else ", such as us-east-1"
    raise ValueError(f"must be a commercial AWS region{hint}")


def _origin_of(value: str) -> str:
    """The origin of a URL."""
    parts = urlsplit(value if "//" in value else f"https://{value}")
    return f"{parts.scheme}://{parts.netloc.lower()}"


_DECODED: Final = BeforeValidator(_decode)

type Flag = Annotated[bool, Strict(), _DECODED]
type Integer = Annotated[int, Strict(), _DECODED]
type Listed[ItemT] = Annotated[tuple[ItemT, ...], AfterValidator(_refuse_empty), _DECODED]

type Environment = Annotated[
    str,
    _like(
        r"[a-z][a-z0-9-]{0,29}[a-z0-9]",
        "2 to 31 lower-case letters, digits and hyphens, beginning with a letter",
        lambda value: value.lower().replace("_", "-"),
    ),
]
type Region = Annotated[str, AfterValidator(_check_region)]
type AccountId = Annotated[
    str,
    _like(r"\d{12}", "the 12 digits of an AWS account", lambda value: value.replace("-", "")),
    BeforeValidator(_quote_account),
]
type Origin = Annotated[
    str,
    _like(_ORIGIN, "an origin like https://example.com, without a path", _origin_of),
]
type Image = Annotated[
    str,
    _like(
        r"[\w][\w.:/-]*(@sha256:[0-9a-f]{64})?",
        "an image's name, with a tag or a digest (@sha256:…) or neither",
    ),
]
type Program = Annotated[str, _like(r"[\w.~/-]+", "the name or the path of a program")]
type HostName = Annotated[
    str,
    _like(_HOST, "a host's name, such as api.example.com", lambda value: value.lower().strip(".")),
]

type Email = Annotated[str, _like(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")]
type OptionalHostName = Annotated[HostName | None, _unset("")]
type OptionalEmail = Annotated[Email | None, _unset("")]
type ReservedConcurrency = Annotated[
    Annotated[int, Strict(), Field(ge=1, le=900)] | None,
    BeforeValidator(_refuse_zero),
    _unset(-1),
    _DECODED,
]
type VersionNumber = Annotated[Annotated[int, Strict(), Field(ge=1)] | None, _unset(0), _DECODED]

type LogRetentionDays = Annotated[
    Literal[
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
        3288, 3653,
    ],
    _DECODED,
]  # fmt: skip
"""What CloudWatch Logs accepts (PutRetentionPolicy)."""
