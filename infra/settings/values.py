"""The types of the settings' values.

The engine hands over every value as a string; other types are encoded as JSON.
"""

import json
import re
from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from infra.settings.nearest import nearest
from infra.settings.regions import commercial_regions

_HOST: Final = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_ORIGIN: Final = r"https?://[a-z0-9.-]+(:\d+)?|\*"
_MEANT_AS_FLAGS: Final = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), "true"),
    **dict.fromkeys(("false", "no", "n", "off", "0"), "false"),
}
_REGIONS_ALIKE: Final = 0.8
"""Minimum similarity of a region's name to count as a typo."""


def decode(value: object) -> object:
    """Decode a value of the engine as JSON; a plain string stays unchanged."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _decode_integer(value: object) -> object:
    number = decode(value)
    if number is None or (isinstance(number, int) and not isinstance(number, bool)):
        return number
    digits = re.fullmatch(r"(-?[\d_,]{1,12})(\.0+)? *[A-Za-z]*", str(value))
    hint = f": did you mean {re.sub('[_,]', '', digits[1])}?" if digits else ""
    raise ValueError(f"must be a whole number{hint}")


def _decode_flag(value: object) -> object:
    flag = decode(value)
    if isinstance(flag, bool):
        return flag
    meant = _MEANT_AS_FLAGS.get(str(value).lower())
    hint = f": did you mean {meant}?" if meant else ""
    raise ValueError(f"must be true or false{hint}")


def _unset(marker: str | int) -> BeforeValidator:
    """Read `Pulumi.yaml`'s default as None: keys without a default are required."""
    return BeforeValidator(lambda value: None if value == marker else value)


def _refuse_zero(value: object) -> object:
    if value == 0:
        raise ValueError("would stop the function: must be at least 1, or -1 to reserve nothing")
    return value


def _refuse_number(account: object) -> object:
    if isinstance(account, int):
        # Not a TypeError, which pydantic would not collect.
        raise ValueError("must be in quotes, otherwise YAML reads a number")  # noqa: TRY004
    return account


def _check_region(region: str) -> str:
    if region in commercial_regions():
        return region
    meant = nearest(region, commercial_regions(), cutoff=_REGIONS_ALIKE)
    hint = f": did you mean {meant}?" if meant else ", such as us-east-1"
    raise ValueError(f"must be a commercial AWS region{hint}")


def _like(
    pattern: str, meaning: str, repair: Callable[[str], str] = lambda value: value
) -> AfterValidator:
    """Return a validator for a pattern, with a message in words.

    Args:
        pattern: a regular expression for the complete value.
        meaning: the end of the message "must be …".
        repair: turns a common mistake into the correct value, for a suggestion.
    """

    def check(value: str) -> str:
        if re.fullmatch(pattern, value):
            return value
        meant = repair(value)
        hint = f": did you mean {meant}?" if re.fullmatch(pattern, meant) else ""
        raise ValueError(f"must be {meaning}{hint}")

    return AfterValidator(check)


def _lower_host(value: str) -> str:
    return value.lower().strip(".")


def _origin_of(url: str) -> str:
    scheme, _, rest = url.lower().rpartition("://")
    return f"{scheme or 'https'}://{re.split('[/?#]', rest)[0]}"


type Flag = Annotated[bool, BeforeValidator(_decode_flag)]
type Listed[ItemT] = Annotated[tuple[ItemT, ...], BeforeValidator(decode)]

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
    BeforeValidator(_refuse_number),
]
type Origin = Annotated[
    str, _like(_ORIGIN, "an origin like https://example.com, without a path", _origin_of)
]
type Image = Annotated[
    str,
    _like(
        r"[\w][\w.:/-]*(@sha256:[0-9a-f]{64})?",
        "an image's name, optionally with a tag or a digest (@sha256:…)",
    ),
]
type PolicyArn = Annotated[
    str, _like(r"arn:aws:iam::\d{12}:policy/[\w+=,.@/-]+", "the ARN of an IAM policy")
]
type Program = Annotated[str, _like(r"[\w.~/-]+", "the name or the path of a program")]
type HostName = Annotated[str, _like(_HOST, "a host's name like api.example.com", _lower_host)]
type ZoneName = Annotated[str, _like(_HOST, "a zone's name like example.com", _lower_host)]
type PoolId = Annotated[
    str,
    _like(r"[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]{1,55}", "a user pool's id like us-east-1_AbCdEf123"),
]
type ClientId = Annotated[str, _like(r"[\w+]{1,128}", "the id of a user pool's client")]
type TableName = Annotated[str, _like(r"[A-Za-z0-9_.-]{3,255}", "a table's name")]
type LogGroupName = Annotated[str, _like(r"[A-Za-z0-9_./#-]{1,512}", "a log group's name")]
type CertificateArn = Annotated[
    str,
    _like(
        r"arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[A-Za-z0-9-]+",
        "a certificate's ARN like arn:aws:acm:us-east-1:111111111111:certificate/…",
    ),
]
type MappingId = Annotated[str, _like(r"[a-z0-9]{1,32}", "the id of an API mapping")]
type Email = Annotated[str, _like(r"[^@\s]+@[^@\s]+\.[^@\s]+", "an e-mail address")]
type RunbookAddress = Annotated[
    str, _like(r"(https://)?[\w.~%@/-]{1,500}", "a path, or a link without # such as https://…")
]

type Optional[ValueT] = Annotated[ValueT | None, _unset("")]
"""An optional string; empty means None."""

INTEGER: Final = BeforeValidator(_decode_integer)
"""The annotation of a whole number."""

type ReservedConcurrency = Annotated[
    Annotated[int, Field(ge=1, le=900)] | None,
    BeforeValidator(_refuse_zero),
    _unset(-1),
    INTEGER,
]
type BudgetAmount = Annotated[Annotated[int, Field(ge=1, le=100_000)] | None, _unset(0), INTEGER]
type VersionNumber = Annotated[Annotated[int, Field(ge=1)] | None, _unset(0), INTEGER]
type LogRetentionDays = Annotated[
    Literal[
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
        3288, 3653,
    ],
    INTEGER,
]  # fmt: skip
"""The values accepted by CloudWatch Logs (PutRetentionPolicy)."""
