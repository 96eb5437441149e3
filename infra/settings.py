"""Everything a stage can set, and the only reader of Pulumi's configuration."""

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from infra.errors import SettingsError
from infra.stage_files import PROJECT, stage_config

PRODUCTION: Final = "production"


def _like(pattern: str, meaning: str) -> AfterValidator:
    """Texts of this pattern, which a message describes in words."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(f"must be {meaning}")
        return value

    return AfterValidator(check)


def _refuse_open_in_production(origin: str, info: ValidationInfo) -> str:
    if info.data.get("environment") == PRODUCTION and not origin.startswith("https://"):
        raise ValueError("must be https and exact in production")
    return origin


def _refuse_empty[ItemT](items: tuple[ItemT, ...]) -> tuple[ItemT, ...]:
    if not items:
        raise ValueError("must not be empty")
    return items


type Environment = Annotated[
    str,
    _like(
        r"[a-z][a-z0-9-]{0,29}[a-z0-9]",
        "2 to 31 lower-case letters, digits and hyphens, beginning with a letter",
    ),
]
type Region = Annotated[str, _like(r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region like us-east-1")]
type AccountId = Annotated[str, _like(r"\d{12}", "the 12 digits of an AWS account")]
type Origin = Annotated[
    str,
    _like(
        r"https?://[a-z0-9.-]+(:\d+)?|\*",
        "an origin like https://example.com: scheme, lower-case host, no path",
    ),
    AfterValidator(_refuse_open_in_production),
]
type Image = Annotated[
    str,
    _like(
        r"[\w][\w.:/-]*(@sha256:[0-9a-f]{64})?",
        "an image's name, with a tag or a digest (@sha256:…) or neither",
    ),
]
type PolicyArn = Annotated[
    str, _like(r"(arn:aws:iam::\d{12}:policy/[\w+=,.@/-]+)?", "the ARN of an IAM policy, or empty")
]
type Program = Annotated[str, _like(r"[\w.~/-]+", "the name or the path of a program")]
type LogRetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
]  # fmt: skip
"""What CloudWatch Logs accepts (PutRetentionPolicy)."""


class StageSettings(BaseModel):
    """The settings of one stage; Pulumi's keys are the camelCase of these names."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    environment: Environment
    """The stage's name in every resource's name; `production` is the stage the world sees."""

    region: Region
    """The AWS region of everything."""

    allowed_accounts: Annotated[tuple[AccountId, ...], AfterValidator(_refuse_empty)]
    """The AWS accounts this stage may be deployed to; any other stops the deployment."""

    cors_origins: Annotated[tuple[Origin, ...], AfterValidator(_refuse_empty)]
    """The exact origins browsers may call from; https only, and no wildcard, in production."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    """The least that the function logs."""

    log_retention_days: LogRetentionDays
    """How long the function's log and the access log are kept."""

    architecture: Literal["x86_64", "arm64"]
    """The function's processor."""

    package_engine: Literal["container", "host"]
    """Where the zip's dependencies are installed and tried; the zip is the same either way."""

    package_image: Image
    """What the container is made from: a build image for the function's Python."""

    container_command: Program
    """What runs containers: docker, podman, finch or nerdctl."""

    memory: Annotated[int, Field(ge=128, le=10_240)]
    """The function's memory, in MB (Lambda's own bounds); processor time comes with it."""

    timeout: Annotated[int, Field(ge=1, le=30)]
    """The function's time limit, in seconds; an HTTP API waits no longer than 30."""

    package_max_zipped: Annotated[int, Field(ge=1, le=50)]
    """The most the zip may weigh, in MB; Lambda takes no larger one directly."""

    package_max_unzipped: Annotated[int, Field(ge=1, le=250)]
    """The most its files may weigh, in MB; Lambda unpacks no more."""

    throttling_rate: Annotated[int, Field(ge=1, le=10_000)]
    """Requests a second that the gateway lets through on average."""

    throttling_burst: Annotated[int, Field(ge=1, le=5_000)]
    """Requests that the gateway lets through at once."""

    permissions_boundary: PolicyArn
    """The policy that bounds the function's role, as the bootstrap made it; empty for none.

    A deploy role makes no role without it.
    """

    protect: bool
    """Whether what holds data is kept from deletion, and can be restored to a point in time."""

    @property
    def name(self) -> str:
        """What the names of the stage's resources begin with."""
        return f"{self.environment}-{PROJECT}"

    @property
    def tags(self) -> dict[str, str]:
        """What every resource that takes tags carries."""
        return {"project": PROJECT, "environment": self.environment, "managed-by": "pulumi"}

    @field_validator("allowed_accounts", "cors_origins", mode="before")
    @classmethod
    def _decode_list(cls, value: object) -> object:
        """The engine hands a list over as JSON."""
        return json.loads(value) if isinstance(value, str) and value.startswith("[") else value

    @field_validator("log_retention_days", mode="before")
    @classmethod
    def _decode_integer(cls, value: object) -> object:
        return int(value) if isinstance(value, str) and value.isdecimal() else value


def load_settings() -> StageSettings:
    """The settings of the stage that the program runs for.

    Raises:
        SettingsError: with every unknown key and every bad value, a line each.
    """
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415 - slow to import

    return parse_settings({**get_config_env(), **CONFIG.get()})


def load_stage_settings(stage: str) -> StageSettings:
    """The settings of a stage as its file has them.

    Raises:
        SettingsError: if there is no such file, or with all that is wrong in it.
    """
    return parse_settings(stage_config(stage))


def parse_settings(config: Mapping[str, str]) -> StageSettings:
    """Read a stage's settings from Pulumi's flat configuration; other namespaces are left alone.

    Raises:
        SettingsError: with every unknown key and every bad value, a line each.
    """
    prefix = f"{PROJECT}:"
    values = {
        key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)
    }
    try:
        return StageSettings.model_validate(values)
    except ValidationError as error:
        problems = [_describe(details) for details in error.errors(include_url=False)]
        raise SettingsError("The stage's settings are wrong:\n  " + "\n  ".join(problems)) from None


def _describe(details: ErrorDetails) -> str:
    key = ".".join(map(str, details["loc"]))
    if details["type"] == "extra_forbidden":
        known = [field.alias or "" for field in StageSettings.model_fields.values()]
        nearest = get_close_matches(key, known, n=1)
        hint = f": did you mean {nearest[0]}?" if nearest else f"; known are {', '.join(known)}"
        return f"{key} is not a setting{hint}"
    if details["type"] == "missing":
        return f"{key} is not set: pulumi config set {key} …"
    return f"{key} = {details['input']!r}: {details['msg'].removeprefix('Value error, ')}"
