"""What a stage is made of."""

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from infra.components.function import Function, FunctionArgs
from infra.components.http_api import HttpApi, HttpApiArgs
from infra.components.identity import Identity, IdentityArgs
from infra.components.table import Table, TableArgs
from infra.environment import UNKNOWN, check_environment, function_environment
from infra.errors import ContractError
from infra.package import HANDLER, Package
from infra.routes import guarded_routes

if TYPE_CHECKING:
    from infra.settings import StageSettings

type Outputs = dict[str, pulumi.Output[str]]

_SESSION_KEY_LENGTH = 48


class _UnfitValueError(ContractError, pulumi.RunError):
    """A value that turned out not to fit, which Pulumi tells without a traceback."""


def deploy(settings: "StageSettings", package: Package) -> Outputs:
    """Register everything a stage is made of, and return the stack's outputs.

    Raises:
        ContractError: before anything is registered, if the backend would not fit.
    """
    check_contract(settings)
    routes = guarded_routes()
    stage = pulumi.ResourceOptions(providers=[_provider(settings)])
    table = _table(settings, stage)
    identity = _identity(settings, stage)
    function = _function(settings, package, table, identity, stage)
    api = _http_api(settings, routes, function, identity, stage)
    return {
        "api_url": pulumi.Output.concat(api.endpoint, "/v1"),
        "function_name": function.name,
        "table_name": table.name,
        "user_pool_id": identity.user_pool_id,
        "user_pool_client_id": identity.client_id,
        "log_group": function.log_group,
    }


def check_contract(settings: "StageSettings") -> None:
    """Hold the function's environment against the backend, as far as it is known yet.

    Raises:
        ContractError: naming each variable that does not fit.
    """
    check_environment(
        function_environment(
            settings,
            table_name=UNKNOWN,
            user_pool_id=UNKNOWN,
            client_id=UNKNOWN,
            session_key=UNKNOWN,
        )
    )


def _provider(settings: "StageSettings") -> aws.Provider:
    return aws.Provider(
        "aws",
        region=settings.region,
        allowed_account_ids=list(settings.allowed_accounts),
    )


def _table(settings: "StageSettings", stage: pulumi.ResourceOptions) -> Table:
    args = TableArgs(name=f"{settings.name}-table", protect=settings.protect, tags=settings.tags)
    return Table("table", args, stage)


def _identity(settings: "StageSettings", stage: pulumi.ResourceOptions) -> Identity:
    args = IdentityArgs(
        name=settings.name,
        region=settings.region,
        protect=settings.protect,
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
    session_key = random.RandomPassword("session-key", length=_SESSION_KEY_LENGTH, special=False)
    variables = function_environment(
        settings,
        table_name=table.name,
        user_pool_id=identity.user_pool_id,
        client_id=identity.client_id,
        session_key=pulumi.Output.secret(session_key.result),
    )
    args = FunctionArgs(
        name=settings.name,
        archive=package.path,
        sha256=package.sha256,
        manifest_sha256=package.manifest_sha256,
        handler=HANDLER,
        runtime="python3.12",
        architecture=settings.architecture,
        memory=settings.memory,
        timeout=settings.timeout,
        log_retention_days=settings.log_retention_days,
        permissions_boundary=settings.permissions_boundary or None,
        environment=pulumi.Output.all(**variables).apply(_checked),
        table_arn=table.arn,
        index_arns=table.index_arns,
        tags=settings.tags,
    )
    return Function("function", args, stage)


def _checked(variables: dict[str, str]) -> dict[str, str]:
    try:
        check_environment(variables)
    except ContractError as error:
        raise _UnfitValueError(str(error)) from None
    return variables


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
        client_id=identity.client_id,
        guarded_routes=routes,
        cors_origins=settings.cors_origins,
        throttling_rate=settings.throttling_rate,
        throttling_burst=settings.throttling_burst,
        log_retention_days=settings.log_retention_days,
        disable_execute_api_endpoint=False,
        tags=settings.tags,
    )
    return HttpApi("api", args, stage)
