"""What the bootstrap can set, and the only reader of its configuration."""

import json
from collections.abc import Mapping
from typing import Annotated, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from infra.bootstrap.tiers import TIERS, Tier, TierName
from infra.errors import SettingsError

BOOTSTRAP: Final = "portfolio-api-bootstrap"
"""The project's name, which is also the namespace of its configuration."""


def _decode(value: object) -> object:
    """The engine hands a list over as JSON."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


type _AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
type _Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
type _Repository = Annotated[
    str, StringConstraints(pattern=r"^[\w-]+(@\d+)?/[\w.-]+(@\d+)?$", max_length=200)
]
type _ZoneId = Annotated[str, StringConstraints(pattern=r"^(Z[A-Z0-9]{1,31})?$")]
type _Principal = Annotated[
    # A user or a role by its name: an account's `root` is everybody in it.
    str, StringConstraints(pattern=r"^arn:aws:iam::\d{12}:(user|role)/[\w+=,.@/-]+$")
]
type _DomainName = Annotated[
    # ACM issues a certificate for no name that is longer.
    str, StringConstraints(pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$", max_length=64)
]

_MOST_DOMAINS: Final = 4
"""The longest names, so many, are what one policy of AWS's has room for."""


class BootstrapSettings(BaseModel):
    """The settings of one tier's bootstrap; Pulumi's keys are the camelCase of these names."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    tier_name: Annotated[TierName, Field(alias="tier")]
    """Which stages deploy with what is made here."""

    account: _AccountId
    """The AWS account of everything; any other stops the deployment."""

    region: _Region
    """The AWS region of everything; the role may deploy to no other."""

    repository: _Repository
    """The GitHub repository that deploys, as its tokens' subjects name it.

    `owner/name`; for repositories made or renamed after July 2026 with GitHub's own numbers,
    `owner@123/name@456` (GitHub, "Immutable subject claims").
    """

    operators: Annotated[tuple[_Principal, ...], BeforeValidator(_decode)]
    """The users and roles of people who may take the deploy role, by their ARNs."""

    create_oidc_provider: bool
    """Whether to make GitHub's OIDC provider: an account has at most one."""

    hosted_zone_id: _ZoneId
    """The Route 53 zone of the stages' domains; empty without one."""

    domain_names: Annotated[tuple[_DomainName, ...], BeforeValidator(_decode)]
    """The domains that the stages may serve; any other record of the zone is out of reach."""

    state_retention_days: Annotated[int, Field(ge=30, le=3650)]
    """How long the state's old versions are kept."""

    @property
    def tier(self) -> Tier:
        """The tier's stages, and who deploys them."""
        return TIERS[self.tier_name]

    @property
    def name(self) -> str:
        """What everything made here is named; unlike the name of any stage's resource."""
        return f"portfolio-api-{self.tier_name}"

    @property
    def tags(self) -> dict[str, str]:
        """What everything made here carries; none that a deploy role may touch."""
        return {"project": BOOTSTRAP, "tier": self.tier_name, "managed-by": "pulumi"}

    @model_validator(mode="after")
    def _check_domain(self) -> Self:
        if bool(self.hosted_zone_id) != bool(self.domain_names):
            raise ValueError("hostedZoneId and domainNames go together: set both or neither")
        if len(self.domain_names) > _MOST_DOMAINS:
            raise ValueError(
                f"domainNames: {len(self.domain_names)} are more than the {_MOST_DOMAINS} "
                "that the role's policy has room for"
            )
        return self


def load_bootstrap_settings() -> BootstrapSettings:
    """The settings of the tier that the program runs for.

    Raises:
        SettingsError: with every unknown key and every bad value, a line each.
    """
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415 - slow to import

    return parse_bootstrap_settings({**get_config_env(), **CONFIG.get()})


def parse_bootstrap_settings(config: Mapping[str, str]) -> BootstrapSettings:
    """Read the settings from Pulumi's flat configuration; other namespaces are left alone.

    Raises:
        SettingsError: with every unknown key and every bad value, a line each.
    """
    prefix = f"{BOOTSTRAP}:"
    values = {
        key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)
    }
    try:
        return BootstrapSettings.model_validate(values)
    except ValidationError as error:
        problems = [_describe(details) for details in error.errors(include_url=False)]
    raise SettingsError("The bootstrap's settings are wrong:\n  " + "\n  ".join(problems))


def _describe(details: ErrorDetails) -> str:
    key = ".".join(map(str, details["loc"]))
    reason = details["msg"].removeprefix("Value error, ")
    match details["type"]:
        case "missing":
            return f"{key} is not set: pulumi config set {key} …"
        case "extra_forbidden":
            known = (field.alias or "" for field in BootstrapSettings.model_fields.values())
            return f"{key} is not a setting; known are {', '.join(known)}"
        case _:
            return f"{key} = {details['input']!r}: {reason}" if key else reason
