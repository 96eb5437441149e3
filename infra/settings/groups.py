"""The settings of a stage in groups: each component takes the group of its name.

`StageSettings` inherits all groups, so its keys stay flat. Fields are in the order of their rules:
a rule compares its field with fields above it.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from infra.paths import PROJECT
from infra.settings import adopted, rules
from infra.settings.files import is_preview
from infra.settings.values import (
    INTEGER,
    BudgetAmount,
    CertificateArn,
    ClientId,
    Email,
    Environment,
    Flag,
    HostName,
    Listed,
    LogGroupName,
    LogRetentionDays,
    MappingId,
    Optional,
    Origin,
    PolicyArn,
    PoolId,
    Region,
    ReservedConcurrency,
    RunbookAddress,
    TableName,
    VersionNumber,
    ZoneName,
)


class ComponentSettings(BaseModel):
    """The settings shared by all components."""

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
    """The stage's name, part of every resource's name; a preview takes its stack's, such as pr-12.

    `production` is the public stage, and belongs only to the stack `prod`.
    """

    region: Region = "us-east-1"
    """The AWS region of all resources."""

    protect: Annotated[Flag, AfterValidator(rules.check_protection)] = False
    """Protect the table, user pool and logs from deletion, and allow point-in-time recovery."""

    log_retention_days: LogRetentionDays = 14
    """Days to keep the function's log and the access log."""

    @property
    def name(self) -> str:
        """The prefix of the names of the stage's resources."""
        return f"{self.environment}-{PROJECT}"

    @property
    def tags(self) -> dict[str, str]:
        """The tags of all taggable resources; a preview adds its pull request's number."""
        own = {"project": PROJECT, "environment": self.environment, "managed-by": "pulumi"}
        if not is_preview(self.environment):
            return own
        return own | {"pull-request": self.environment.removeprefix("pr-")}

    @property
    def may_lose_data(self) -> bool:
        """True for a preview: a change may replace its table or user pool, with the data in it.

        `portfolio preview up` reports a replacement.
        """
        return is_preview(self.environment)


class FunctionSettings(ComponentSettings):
    """The settings of the Lambda function."""

    runtime: Literal["python3.12"] = "python3.12"
    """The function's Lambda runtime: the Python version of the backend's lock and build."""

    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The function's processor, x86_64 or arm64."""

    memory: Annotated[int, Field(ge=128, le=10_240), INTEGER] = 512
    """The function's memory, in MB; more memory brings more processor time.

    The bounds are Lambda's own (Lambda quotas).
    """

    timeout: Annotated[int, Field(ge=1, le=30), INTEGER] = 30
    """The function's time limit, in seconds.

    An HTTP API waits for at most 30 seconds (API Gateway quotas).
    """

    reserved_concurrency: ReservedConcurrency = None
    """Concurrent executions reserved for the function, and also its limit; -1 reserves none.

    An account has 1,000 by default, and Lambda keeps 100 of them unreserved (Lambda quotas).
    """

    snap_start: Annotated[Flag, AfterValidator(rules.check_snap_start)] = False
    """Start new instances from a snapshot; Lambda charges for it."""

    tracing: Flag = True
    """Trace requests with X-Ray."""

    pinned_version: Annotated[VersionNumber, AfterValidator(rules.refuse_shared)] = None
    """The version behind `live`, as `portfolio rollback` sets it; 0 follows the newest version."""

    permissions_boundary: Optional[PolicyArn] = None
    """The permissions boundary of the function's role, an output of the bootstrap; empty for none.

    A deploy role cannot create a role without it.
    """

    adopt_log_group: Annotated[Optional[LogGroupName], AfterValidator(adopted.check_log_group)] = (
        None
    )
    """The name of the function's existing log group; empty to create one.

    Every `adopt` setting names an existing resource. It is changed in place, and never replaced
    or deleted.
    """


class HttpApiSettings(ComponentSettings):
    """The settings of the HTTP API."""

    cors_origins: Listed[
        Annotated[Origin, AfterValidator(rules.check_origin), BeforeValidator(rules.number_origin)]
    ]
    """The origins browsers may call from; exact in previews, exact and https in production.

    In a preview, `{number}` becomes the pull request's number.
    """

    gateway_authorizer: Flag = False
    """Let the gateway refuse requests without a valid token; the function checks tokens anyway.

    A browser may be unable to read the gateway's own 401: AWS promises CORS headers on the
    function's answers only (Configure CORS for HTTP APIs).
    """

    throttling_rate: Annotated[int, Field(ge=1, le=10_000), INTEGER] = 50
    """Requests a second allowed on average by the gateway.

    The bound is an account's default limit (API Gateway quotas).
    """

    throttling_burst: Annotated[int, Field(ge=1, le=5_000), INTEGER] = 100
    """Requests allowed at the same moment by the gateway."""

    open_throttling_rate: Annotated[int, Field(ge=1, le=10_000), INTEGER] = 10
    """Requests a second to each route that writes without a token, such as the login.

    Twice as many are allowed at the same moment, and never more than for all routes together.
    """

    adopt_access_log_group: Annotated[
        Optional[LogGroupName], AfterValidator(adopted.check_access_log_group)
    ] = None
    """The name of the access log's existing log group; empty to create one."""


class TableSettings(ComponentSettings):
    """The settings of the table."""

    adopt_table: Annotated[Optional[TableName], AfterValidator(adopted.check_table)] = None
    """The name of an existing table to use for the stage; empty to create one."""

    @property
    def table_name(self) -> str:
        """The table's name; an adopted table has it too."""
        return f"{self.name}-table"


class IdentitySettings(ComponentSettings):
    """The settings of the user pool."""

    adopt_user_pool: Annotated[Optional[PoolId], AfterValidator(adopted.check_pool)] = None
    """The id of an existing user pool to use for the stage, with its users; empty to create one."""

    adopt_user_pool_client: Annotated[Optional[ClientId], AfterValidator(adopted.check_client)] = (
        None
    )
    """The id of the adopted pool's client to use for the stage; empty to create one."""

    adopt_owner_group: Annotated[Flag, AfterValidator(adopted.check_owner_group)] = False
    """Adopt the group `owner` of the adopted pool; false to create the group."""


class DomainSettings(ComponentSettings):
    """The settings of the API's own domain."""

    domain_name: Annotated[Optional[HostName], AfterValidator(rules.refuse_shared)] = None
    """The API's own domain, within the hosted zone; empty to use the gateway's domain."""

    hosted_zone: Annotated[Optional[ZoneName], AfterValidator(rules.check_zone)] = None
    """The Route 53 zone of the domain, such as example.com; empty without a domain."""

    adopt_domain: Annotated[Optional[HostName], AfterValidator(adopted.check_domain)] = None
    """The existing custom domain name, adopted with its DNS records; empty to create one."""

    adopt_certificate: Annotated[
        Optional[CertificateArn], AfterValidator(adopted.check_certificate)
    ] = None
    """The ARN of the domain's existing certificate; empty to create one."""

    adopt_api_mapping: Annotated[Optional[MappingId], AfterValidator(adopted.check_mapping)] = None
    """The id of the adopted domain's mapping to this stage's API; empty to create one."""


class MonitoringSettings(ComponentSettings):
    """The settings of the alarms, the budget and the dashboard."""

    alarm_email: Optional[Email] = None
    """E-mail address for alarms; empty for no alarms.

    Each alarm costs money, so a stage without a reader has none.
    """

    runbook: RunbookAddress = "docs/runbook.md"
    """The runbook's address in the alarms' descriptions: a path of this checkout, or a link."""

    budget_amount: Annotated[BudgetAmount, AfterValidator(rules.refuse_shared)] = None
    """Budget in USD a month for all costs of the AWS account, with e-mails; 0 for no budget.

    To count one stage, AWS needs its tags to be activated for billing (Cost allocation tags).
    """

    budget_email: Annotated[Optional[Email], AfterValidator(rules.check_budget_email)] = None
    """E-mail address for the budget's messages; empty for that of the alarms."""

    dashboard: Flag = True
    """Create the dashboard; each costs 3 USD a month, after the three free ones of an account."""
