"""The settings of the bootstrap, and their only reader."""

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
from infra.paths import PROJECT

BOOTSTRAP: Final = f"{PROJECT}-bootstrap"
"""Name of the Pulumi project, and namespace of its configuration."""


def _decode(value: object) -> object:
    """Decode a list: the engine passes it as JSON."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value


type _AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
type _Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
type _Repository = Annotated[
    str, StringConstraints(pattern=r"^[\w-]+(@\d+)?/[\w.-]+(@\d+)?$", max_length=200)
]
type _ZoneId = Annotated[str, StringConstraints(pattern=r"^(Z[A-Z0-9]{1,31})?$")]
type _Principal = Annotated[
    # A user or a role by name: an account's `root` would allow all users of the account.
    str, StringConstraints(pattern=r"^arn:aws:iam::\d{12}:(user|role)/[\w+=,.@/-]+$")
]
type _DomainName = Annotated[
    # ACM issues certificates for names up to 64 characters.
    str, StringConstraints(pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$", max_length=64)
]

_MOST_DOMAINS: Final = 4
"""Limit for domain names: this many of the longest ones fit in one AWS policy."""


class BootstrapSettings(BaseModel):
    """The settings of one tier's bootstrap; Pulumi's keys are the camelCase of these names."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    tier_name: Annotated[TierName, Field(alias="tier")]
    """The tier: `production`, or `development` (dev and previews)."""

    account: _AccountId
    """The AWS account of all resources. Credentials of another account are an error."""

    region: _Region
    """The AWS region of all resources. The role can deploy only to this region."""

    repository: _Repository
    """The GitHub repository of the workflow runs, by its name in the tokens' subjects.

    This is `owner/name`. Repositories created or renamed after July 2026 also have GitHub's
    numbers, `owner@123/name@456` (GitHub, "Immutable subject claims").
    """

    operators: Annotated[tuple[_Principal, ...], BeforeValidator(_decode)]
    """ARNs of the users and roles of people allowed to assume the deploy role."""

    create_oidc_provider: bool
    """Create GitHub's OIDC provider. An account can have only one."""

    hosted_zone_id: _ZoneId
    """Id of the Route 53 zone of the stages' domains. Empty without domains."""

    domain_names: Annotated[tuple[_DomainName, ...], BeforeValidator(_decode)]
    """Domains of the stages. The deploy role cannot change other records of the zone."""

    state_retention_days: Annotated[int, Field(ge=30, le=3650)]
    """Days to keep old versions of the state."""

    @property
    def tier(self) -> Tier:
        """The tier: its stages and the workflow runs to deploy them."""
        return TIERS[self.tier_name]

    @property
    def name(self) -> str:
        """Prefix of all resource names. It differs from the names in all stages."""
        return f"{PROJECT}-{self.tier_name}"

    @property
    def tags(self) -> dict[str, str]:
        """Tags of all resources. A deploy role cannot change resources with these tags."""
        return {"project": BOOTSTRAP, "tier": self.tier_name, "managed-by": "pulumi"}

    @model_validator(mode="after")
    def _check_domain(self) -> Self:
        if bool(self.hosted_zone_id) != bool(self.domain_names):
            raise ValueError("hostedZoneId and domainNames go together: set both or neither")
        if len(self.domain_names) > _MOST_DOMAINS:
            raise ValueError(
                f"domainNames: {len(self.domain_names)} domains do not fit in the role's policy; "
                f"the limit is {_MOST_DOMAINS}"
            )
        return self


def load_bootstrap_settings() -> BootstrapSettings:
    """Return the settings of the selected tier.

    Raises:
        SettingsError: if a key is unknown or a value is wrong; has one line for each.
    """
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415 - slow to import

    return parse_bootstrap_settings({**get_config_env(), **CONFIG.get()})


def parse_bootstrap_settings(config: Mapping[str, str]) -> BootstrapSettings:
    """Read the settings from Pulumi's flat configuration; ignore other namespaces.

    Raises:
        SettingsError: if a key is unknown or a value is wrong; has one line for each.
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
            return f"{key} is not set. Set it: pulumi config set {key} …"
        case "extra_forbidden":
            known = (field.alias or "" for field in BootstrapSettings.model_fields.values())
            return f"{key} is not a setting. Settings are {', '.join(known)}"
        case _:
            return f"{key} = {details['input']!r}: {reason}" if key else reason
