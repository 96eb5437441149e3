"""The names of a new project, and their limits at AWS, Pulumi and uv."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo

from infra.errors import CommandLineError
from infra.paths import PROJECT
from infra.settings.problems import describe_option
from infra.settings.values import AccountId, Email, HostName, ZoneName

LONGEST: Final = 32
"""Maximum length of a name.

The bucket of the state, `<name>-development-state-<account>`, may have 63 characters. A function
may have 64, and an environment's prefix takes up to 32 of them with its hyphen.
"""

_LONGEST_DOMAIN: Final = 64
"""Maximum length of a certificate's domain name (ACM)."""

_NAME: Final = r"[a-z][a-z0-9]*(-[a-z0-9]+)+"
"""Names that S3, IAM, Pulumi and uv accept. A name with a hyphen is not a word of the pages."""

_RESERVED: Final = ("amzn-s3-demo-", "sthree-")
"""Beginnings of names that S3 refuses for buckets."""

DEVELOPMENT_ACCOUNT: Final = "111111111111"
"""The placeholder for the development account."""

PRODUCTION_ACCOUNT: Final = "222222222222"
"""The placeholder for the production account."""

ZONE_ID: Final = "Z0000000000000000000"
"""The placeholder for the hosted zone's id."""

OWNER: Final = "your-account"
"""The placeholder for the owner of the GitHub repository."""


def _check_name(name: str) -> str:
    if not re.fullmatch(_NAME, name):
        words = re.findall(r"[a-z0-9]+", name.lower())
        meant = "-".join(words if len(words) > 1 else [*words, "api"])
        hint = f": did you mean {meant}?" if re.fullmatch(_NAME, meant) else f", such as {PROJECT}"
        raise ValueError(f"must be lower-case words and digits with single hyphens between{hint}")
    if len(name) > LONGEST:
        raise ValueError(f"has {len(name)} characters: AWS allows at most {LONGEST} here")
    if name.startswith(_RESERVED):
        raise ValueError("must not begin with amzn-s3-demo- or sthree-, which S3 reserves")
    return name


def _check_domain(domain: str) -> str:
    if len(f"api.{domain}") > _LONGEST_DOMAIN:
        raise ValueError(
            f"is too long: a certificate's domain, with api., has at most {_LONGEST_DOMAIN}"
        )
    return domain


def _check_zone(zone: str, info: ValidationInfo) -> str:
    domain: str = info.data.get("domain", zone)
    if not f".{domain}".endswith(f".{zone}"):
        raise ValueError(f"does not contain the domain {domain}")
    return zone


def _check_title(title: str) -> str:
    if not re.fullmatch(r"[^\W_][\w .,:()+-]{0,59}", title):
        raise ValueError("must be up to 60 letters, digits, spaces and .,:()+-, in one line")
    return title


def _check_repository(repository: str) -> str:
    if not re.fullmatch(r"[\w-]+/[\w.-]+", repository):
        raise ValueError("must be OWNER/NAME, as in the repository's address on GitHub")
    return repository


class ProjectNames(BaseModel):
    """All names that a new project does not share with this one."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, AfterValidator(_check_name)]
    """The Pulumi project, the end of the stages' prefixes, and the distribution's name."""

    domain: Annotated[HostName, AfterValidator(_check_domain)]
    """The site's domain; production's API is `api.` and this."""

    zone: Annotated[ZoneName, AfterValidator(_check_zone)]
    """The Route 53 zone of the domain."""

    title: Annotated[str, AfterValidator(_check_title)]
    """The API's name for people."""

    alarm_email: Email
    """The address for the alarms of production."""

    repository: Annotated[str, AfterValidator(_check_repository)]
    """The GitHub repository that deploys, `owner/name`."""

    dev_account: AccountId
    """The AWS account of dev and the previews."""

    prod_account: AccountId
    """The AWS account of production."""

    def placeholders(self) -> list[str]:
        """Return a line for each value to set before the first deployment."""
        both = "and infra/bootstrap/Pulumi"
        lines = {
            f"{DEVELOPMENT_ACCOUNT} in Pulumi.dev.yaml, Pulumi.preview.yaml {both}.dev.yaml: "
            "your development account": self.dev_account == DEVELOPMENT_ACCOUNT,
            f"{PRODUCTION_ACCOUNT} in Pulumi.prod.yaml {both}.prod.yaml: "
            "your production account": self.prod_account == PRODUCTION_ACCOUNT,
            f"{self.repository} in infra/bootstrap/Pulumi.dev.yaml and Pulumi.prod.yaml: "
            "your GitHub repository": self.repository.startswith(f"{OWNER}/"),
            f"{ZONE_ID} in infra/bootstrap/Pulumi.prod.yaml: "
            f"the id of the zone {self.zone} in Route 53": True,
        }
        return [line for line, is_open in lines.items() if is_open]


def complete_names(given: Mapping[str, str | None], folder_name: str) -> ProjectNames:
    """Return the checked names of a project; missing ones are derived, or placeholders.

    Args:
        given: the values by their option, without the leading hyphens; None for a missing one.
        folder_name: the name of the project's folder.

    Raises:
        CommandLineError: for the first wrong name.
    """
    name, domain = given["name"] or folder_name, given["domain"]
    derived = {
        "name": name,
        "zone": domain,
        "title": _title_of(name),
        "alarm-email": f"alarms@{domain}",
        "repository": f"{OWNER}/{name}",
        "dev-account": DEVELOPMENT_ACCOUNT,
        "prod-account": PRODUCTION_ACCOUNT,
    }
    values = derived | {option: value for option, value in given.items() if value is not None}
    try:
        return ProjectNames.model_validate(
            {option.replace("-", "_"): value for option, value in values.items()}
        )
    except ValidationError as error:
        option = str(error.errors()[0]["loc"][0]).replace("_", "-")
        raise CommandLineError(describe_option(error, f"--{option}")) from None


def _title_of(name: str) -> str:
    """Return a title made of a project's name: `My API` for `my-api`."""
    words = [word.upper() if word == "api" else word for word in name.split("-")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])
