"""All settings of a stage."""

from typing import Annotated, Literal

from pydantic import Field

from infra.settings.groups import (
    DomainSettings,
    FunctionSettings,
    HttpApiSettings,
    IdentitySettings,
    MonitoringSettings,
    TableSettings,
)
from infra.settings.values import INTEGER, AccountId, Image, Listed, Program


# Pydantic takes the fields of the last base first.
class StageSettings(
    MonitoringSettings,
    DomainSettings,
    IdentitySettings,
    TableSettings,
    HttpApiSettings,
    FunctionSettings,
):
    """The settings of one stage; Pulumi's keys are the camelCase of these names.

    `Pulumi.yaml` declares each with its type, its default and the first line of its text here.
    """

    profile: Annotated[str | None, Field(alias="aws:profile")] = None
    """The AWS profile to deploy with, in Pulumi's own key; else the environment's credentials."""

    secrets: Annotated[tuple[str, ...], Field(alias="secret:")] = ()
    """The names of the stage's secrets: the variables with a value in the namespace `secret`."""

    allowed_accounts: Listed[AccountId]
    """The AWS accounts this stage may be deployed to; any other account stops the deployment."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The minimum level of the function's log."""

    counter_shards: Annotated[int, Field(ge=64, le=512, multiple_of=64), INTEGER] = 64
    """Number of items for each count of views and visits: 64 for each 500 new counts a second."""

    package_engine: Literal["container", "host"] = "container"
    """The place to install and try the zip's dependencies; both make the same zip."""

    package_image: Image = "public.ecr.aws/sam/build-python3.12"
    """The container's image: a build image for the function's Python."""

    container_command: Program = "docker"
    """The program to run containers: docker, podman, finch or nerdctl."""

    package_max_zipped: Annotated[int, Field(ge=1, le=50), INTEGER] = 30
    """Maximum size of the zip, in MB; Lambda takes at most 50 MB directly."""

    package_max_unzipped: Annotated[int, Field(ge=1, le=250), INTEGER] = 120
    """Maximum size of the unpacked zip, in MB; Lambda's limit is 250 MB."""
