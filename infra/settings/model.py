"""The settings of a stage, and what they must fulfil together."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from infra.settings import adopted, rules
from infra.settings.files import PROJECT, is_preview
from infra.settings.values import (
    INTEGER,
    AccountId,
    CertificateArn,
    ClientId,
    Email,
    Environment,
    Flag,
    HostName,
    Image,
    Listed,
    LogGroupName,
    LogRetentionDays,
    MappingId,
    Optional,
    Origin,
    PolicyArn,
    PoolId,
    Program,
    Region,
    ReservedConcurrency,
    TableName,
    VersionNumber,
    ZoneName,
)


class StageSettings(BaseModel):
    """The settings of one stage; Pulumi's keys are the camelCase of these names.

    `Pulumi.yaml` declares each with its type, its default and the first line of its text here.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )

    environment: Annotated[
        Environment,
        AfterValidator(rules.check_environment),
        BeforeValidator(rules.name_preview),
    ] = ""
    """The stage's name in every resource's name; a preview's is its stack's, such as pr-12.

    `production` is the stage the world sees, and belongs to the stack `prod` alone.
    """

    region: Region = "us-east-1"
    """The AWS region of everything."""

    profile: Annotated[str | None, Field(alias="aws:profile")] = None
    """The AWS profile that deploys, in Pulumi's own key; else the environment's credentials."""

    allowed_accounts: Listed[AccountId]
    """The AWS accounts this stage may be deployed to; any other stops the deployment."""

    cors_origins: Listed[Annotated[Origin, AfterValidator(rules.check_origin)]]
    """The origins browsers may call from; exact ones in previews, exact and https in production."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least that the function logs."""

    log_retention_days: LogRetentionDays = 14
    """How long the function's log and the access log are kept, in days."""

    runtime: Literal["python3.12"] = "python3.12"
    """The function's Lambda runtime: the Python that the backend is locked and built for."""

    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The function's processor, x86_64 or arm64."""

    memory: Annotated[int, Field(ge=128, le=10_240), INTEGER] = 512
    """The function's memory, in MB; processor time comes with it.

    The bounds are Lambda's own (Lambda quotas).
    """

    timeout: Annotated[int, Field(ge=1, le=30), INTEGER] = 30
    """The function's time limit, in seconds.

    An HTTP API waits no longer than 30 (API Gateway quotas).
    """

    reserved_concurrency: ReservedConcurrency = None
    """The invocations at once that are kept for the function, and its most; -1 reserves none.

    Of the 1,000 an account has by default, Lambda keeps 100 unreserved (Lambda quotas).
    """

    throttling_rate: Annotated[int, Field(ge=1, le=10_000), INTEGER] = 50
    """Requests a second that the gateway lets through on average.

    An account's default limit is the bound (API Gateway quotas).
    """

    throttling_burst: Annotated[int, Field(ge=1, le=5_000), INTEGER] = 100
    """Requests that the gateway lets through at once."""

    domain_name: Annotated[Optional[HostName], AfterValidator(rules.refuse_shared)] = None
    """The API's own domain, within the hosted zone; empty where the gateway's does."""

    hosted_zone: Annotated[Optional[ZoneName], AfterValidator(rules.check_zone)] = None
    """The Route 53 zone of the domain, such as example.com; empty without a domain."""

    alarm_email: Optional[Email] = None
    """Who is told of alarms; empty where nobody is."""

    snap_start: Annotated[Flag, AfterValidator(rules.check_snap_start)] = False
    """Whether new instances start from a snapshot, which Lambda charges for."""

    tracing: Flag = True
    """Whether requests are traced with X-Ray."""

    pinned_version: Annotated[VersionNumber, AfterValidator(rules.refuse_shared)] = None
    """The version that `live` stays at, as `portfolio rollback` sets it; 0 follows the newest."""

    permissions_boundary: Optional[PolicyArn] = None
    """The policy that bounds the function's role, as the bootstrap made it; empty for none.

    A deploy role makes no role without it.
    """

    protect: Annotated[Flag, AfterValidator(rules.check_protection)] = False
    """Whether what holds data is kept from deletion, and can be restored to a point in time."""

    package_engine: Literal["container", "host"] = "container"
    """Where the zip's dependencies are installed and tried; the zip is the same either way."""

    package_image: Image = "public.ecr.aws/sam/build-python3.12"
    """What the container is made from: a build image for the function's Python."""

    container_command: Program = "docker"
    """What runs containers: docker, podman, finch or nerdctl."""

    package_max_zipped: Annotated[int, Field(ge=1, le=50), INTEGER] = 30
    """The most the zip may weigh, in MB; Lambda takes no larger one directly."""

    package_max_unzipped: Annotated[int, Field(ge=1, le=250), INTEGER] = 120
    """The most its files may weigh, in MB; Lambda unpacks no more."""

    adopt_table: Annotated[Optional[TableName], AfterValidator(adopted.check_table)] = None
    """The name of a table that is there already and becomes the stage's; empty to make one.

    Here and below: what is adopted is changed where it is, and never replaced or deleted.
    """

    adopt_user_pool: Annotated[Optional[PoolId], AfterValidator(adopted.check_pool)] = None
    """The id of a user pool that is there already and becomes the stage's, users and all."""

    adopt_user_pool_client: Annotated[Optional[ClientId], AfterValidator(adopted.check_client)] = (
        None
    )
    """The id of the adopted pool's client that becomes the stage's; empty to make one."""

    adopt_owner_group: Annotated[Flag, AfterValidator(adopted.check_owner_group)] = False
    """Whether the adopted pool has the group owner already."""

    adopt_log_group: Annotated[Optional[LogGroupName], AfterValidator(adopted.check_log_group)] = (
        None
    )
    """The name of the function's log group, where it is there already."""

    adopt_access_log_group: Annotated[
        Optional[LogGroupName], AfterValidator(adopted.check_access_log_group)
    ] = None
    """The name of the access log's group, where it is there already."""

    adopt_domain: Annotated[Optional[HostName], AfterValidator(adopted.check_domain)] = None
    """The gateway's custom domain name, where it is there already; its addresses in DNS with it."""

    adopt_certificate: Annotated[
        Optional[CertificateArn], AfterValidator(adopted.check_certificate)
    ] = None
    """The ARN of the domain's certificate, where it is there already; empty to make one."""

    adopt_api_mapping: Annotated[Optional[MappingId], AfterValidator(adopted.check_mapping)] = None
    """The id of the adopted domain's mapping, which leads to this stage's API already."""

    @property
    def name(self) -> str:
        """What the names of the stage's resources begin with."""
        return f"{self.environment}-{PROJECT}"

    @property
    def tags(self) -> dict[str, str]:
        """What every resource that takes tags carries; a preview's tell its pull request."""
        own = {"project": PROJECT, "environment": self.environment, "managed-by": "pulumi"}
        if not is_preview(self.environment):
            return own
        return own | {"pull-request": self.environment.removeprefix("pr-")}
