"""What a stage is made of."""

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from infra.components.alarms import Watched
from infra.components.domain import AdoptedDomain, Domain, DomainArgs
from infra.components.function import Function, FunctionArgs
from infra.components.http_api import HttpApi, HttpApiArgs
from infra.components.identity import AdoptedPool, Identity, IdentityArgs
from infra.components.monitoring import Monitoring, MonitoringArgs
from infra.components.protection import Guards, register_guards
from infra.components.table import Table, TableArgs
from infra.contract.resolved import checked_environment
from infra.contract.routes import guarded_routes
from infra.package import HANDLER, Package
from infra.settings.files import is_preview

if TYPE_CHECKING:
    from infra.settings import StageSettings

type Outputs = dict[str, pulumi.Output[str]]


def register_resources(settings: "StageSettings", package: Package) -> Outputs:
    """Register all resources of a stage, and return the stack's outputs.

    Raises:
        ContractError: if the routes do not fit the gateway; no resource is registered then.
    """
    routes = guarded_routes()
    guards = register_guards()
    stage = pulumi.ResourceOptions(providers=[_provider(settings)])
    table = _table(settings, guards, stage)
    identity = _identity(settings, guards, stage)
    function = _function(settings, package, table, identity, stage)
    api = _http_api(settings, routes, function, identity, stage)
    domain = _domain(settings, api, stage)
    _monitoring(settings, function, api, table, stage)
    return {
        "api_url": pulumi.Output.concat(domain.url if domain else api.endpoint, "/v1"),
        "function_name": function.name,
        "live_version": function.live_version,
        "table_name": table.name,
        "user_pool_id": identity.user_pool_id,
        "user_pool_client_id": identity.client_id,
        "log_group": function.log_group,
        "access_log_group": api.access_log_group,
    }


def _provider(settings: "StageSettings") -> aws.Provider:
    return aws.Provider(
        "aws",
        region=settings.region,
        profile=settings.profile,
        allowed_account_ids=list(settings.allowed_accounts),
    )


def _may_lose_data() -> bool:
    """Whether data may go with a replacement, which `portfolio preview up` tells of then."""
    return is_preview(pulumi.get_stack())


def _table(settings: "StageSettings", guards: Guards, stage: pulumi.ResourceOptions) -> Table:
    protect = settings.protect or settings.adopt_table is not None
    args = TableArgs(
        name=f"{settings.name}-table",
        protect=protect,
        guard=guards.table if protect else None,
        is_replaceable=_may_lose_data(),
        adopt=settings.adopt_table,
        tags=settings.tags,
    )
    return Table("table", args, stage)


def _identity(settings: "StageSettings", guards: Guards, stage: pulumi.ResourceOptions) -> Identity:
    protect = settings.protect or settings.adopt_user_pool is not None
    args = IdentityArgs(
        name=settings.name,
        region=settings.region,
        protect=protect,
        guard=guards.user_pool if protect else None,
        is_replaceable=_may_lose_data(),
        adopt=AdoptedPool(
            pool=settings.adopt_user_pool,
            client=settings.adopt_user_pool_client,
            owner_group=settings.adopt_owner_group,
        ),
        tags=settings.tags,
    )
    return Identity("identity", args, stage)


def _function(
    settings: "StageSettings",
    package: Package,
    table: Table,
    identity: Identity,
    stage: pulumi.ResourceOptions,
) -> Function:
    if settings.pinned_version:
        pulumi.log.warn(
            f"live stays at version {settings.pinned_version}, to which it is pinned: "
            f"portfolio rollback --unpin --stack {pulumi.get_stack()} lets it follow the newest."
        )
    args = FunctionArgs(
        name=settings.name,
        archive=package.path,
        sha256=package.sha256,
        manifest_sha256=package.manifest_sha256,
        handler=HANDLER,
        runtime=settings.runtime,
        architecture=settings.architecture,
        memory=settings.memory,
        timeout=settings.timeout,
        reserved_concurrency=settings.reserved_concurrency,
        snap_start=settings.snap_start,
        tracing=settings.tracing,
        pinned_version=settings.pinned_version,
        log_retention_days=settings.log_retention_days,
        protect_logs=settings.protect,
        permissions_boundary=settings.permissions_boundary,
        adopt_log_group=settings.adopt_log_group,
        environment=checked_environment(settings, table, identity),
        table_arn=table.arn,
        index_arns=table.index_arns,
        tags=settings.tags,
    )
    return Function("function", args, stage)


def _http_api(
    settings: "StageSettings",
    routes: list[str],
    function: Function,
    identity: Identity,
    stage: pulumi.ResourceOptions,
) -> HttpApi:
    args = HttpApiArgs(
        name=settings.name,
        function_name=function.name,
        function_alias=function.alias,
        function_invoke_arn=function.alias_invoke_arn,
        issuer=identity.issuer,
        is_issuer_kept=not (settings.protect or _may_lose_data()),
        client_id=identity.client_id,
        guarded_routes=routes,
        cors_origins=settings.cors_origins,
        throttling_rate=settings.throttling_rate,
        throttling_burst=settings.throttling_burst,
        log_retention_days=settings.log_retention_days,
        protect_logs=settings.protect,
        adopt_log_group=settings.adopt_access_log_group,
        disable_execute_api_endpoint=settings.domain_name is not None,
        tags=settings.tags,
    )
    return HttpApi("api", args, stage)


def _domain(
    settings: "StageSettings", api: HttpApi, stage: pulumi.ResourceOptions
) -> Domain | None:
    if not (settings.domain_name and settings.hosted_zone):
        return None
    args = DomainArgs(
        domain_name=settings.domain_name,
        hosted_zone=settings.hosted_zone,
        api_id=api.api_id,
        api_stage=api.stage,
        adopt=AdoptedDomain(
            name=settings.adopt_domain,
            certificate=settings.adopt_certificate,
            mapping=settings.adopt_api_mapping,
        ),
        tags=settings.tags,
    )
    return Domain("domain", args, stage)


def _monitoring(
    settings: "StageSettings",
    function: Function,
    api: HttpApi,
    table: Table,
    stage: pulumi.ResourceOptions,
) -> None:
    args = MonitoringArgs(
        name=settings.name,
        region=settings.region,
        alarm_email=settings.alarm_email,
        watched=Watched(
            function_name=function.name,
            timeout=settings.timeout,
            api_id=api.api_id,
            table_name=table.name,
        ),
        log_group=function.log_group,
        access_log_group=api.access_log_group,
        tags=settings.tags,
    )
    Monitoring("monitoring", args, stage)
