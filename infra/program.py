"""The resources of a stage."""

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from infra.components.alarms import Watched
from infra.components.domain import Domain, DomainArgs
from infra.components.function import Function, FunctionArgs
from infra.components.http_api import HttpApi, HttpApiArgs
from infra.components.identity import Identity, IdentityArgs
from infra.components.monitoring import Monitoring, MonitoringArgs
from infra.components.names import LIVE_VERSION
from infra.components.protection import register_guards
from infra.components.replacement import refuse_replacements
from infra.components.table import Table, TableArgs
from infra.contract.resolved import checked_environment
from infra.contract.routes import guarded_routes, open_writes

if TYPE_CHECKING:
    from infra.package import Package
    from infra.settings import StageSettings

type Outputs = dict[str, pulumi.Output[str]]


def register_resources(settings: "StageSettings", package: "Package") -> Outputs:
    """Register all resources of a stage, and return the stack's outputs.

    Raises:
        ContractError: if the routes do not fit the gateway; no resource is registered then.
    """
    routes = guarded_routes() if settings.gateway_authorizer else []
    guards = register_guards()
    if not settings.may_lose_data:
        refuse_replacements(settings)
    opts = pulumi.ResourceOptions(providers=[_provider(settings)])
    table = Table("table", TableArgs(settings=settings, guard=guards.table), opts)
    identity = Identity("identity", IdentityArgs(settings=settings, guard=guards.user_pool), opts)
    function = _function(settings, package, table, identity, opts)
    api = _http_api(settings, routes, function, identity, opts)
    domain = _domain(settings, api, opts)
    monitoring = MonitoringArgs(
        settings=settings,
        watched=_watched(settings, function, api, table),
        log_groups=[api.access_log_group, function.log_group],
        guard=guards.stage,
        others=[table, identity, function, api, *([domain] if domain else [])],
    )
    Monitoring("monitoring", monitoring, opts)
    return {
        "api_url": domain.url if domain else api.endpoint,
        "function_name": function.name,
        LIVE_VERSION: function.live_version,
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


def _function(
    settings: "StageSettings",
    package: "Package",
    table: Table,
    identity: Identity,
    opts: pulumi.ResourceOptions,
) -> Function:
    if settings.pinned_version:
        pulumi.log.warn(
            f"live is pinned to version {settings.pinned_version} and stays there. To follow the "
            f"newest version: portfolio rollback --unpin --stack {pulumi.get_stack()}"
        )
    args = FunctionArgs(
        settings=settings,
        package=package,
        environment=checked_environment(settings, table, identity),
        issuer=identity.issuer,
        grants=table.grants,
    )
    return Function("function", args, opts)


def _http_api(
    settings: "StageSettings",
    routes: list[str],
    function: Function,
    identity: Identity,
    opts: pulumi.ResourceOptions,
) -> HttpApi:
    args = HttpApiArgs(
        settings=settings,
        function_name=function.name,
        function_alias=function.alias,
        function_invoke_arn=function.alias_invoke_arn,
        issuer=identity.issuer,
        client_id=identity.client_id,
        guarded_routes=routes,
        open_writes=open_writes(),
        disable_execute_api_endpoint=settings.domain_name is not None,
    )
    return HttpApi("api", args, opts)


def _domain(settings: "StageSettings", api: HttpApi, opts: pulumi.ResourceOptions) -> Domain | None:
    if not (settings.domain_name and settings.hosted_zone):
        return None
    args = DomainArgs(
        settings=settings,
        domain_name=settings.domain_name,
        hosted_zone=settings.hosted_zone,
        api_id=api.api_id,
        api_stage=api.api_stage,
    )
    return Domain("domain", args, opts)


def _watched(settings: "StageSettings", function: Function, api: HttpApi, table: Table) -> Watched:
    return Watched(
        function_name=function.name,
        timeout=settings.timeout,
        api_id=api.api_id,
        table_name=table.name,
    )
