"""The HTTP API: CORS, routes with and without an authorizer, and the access log."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from infra.components.access_log import ACCESS_LOG_FORMAT
from infra.components.log_group import LogGroupArgs, create_log_group
from infra.paths import PROJECT

if TYPE_CHECKING:
    from infra.settings.groups import HttpApiSettings

_PREFLIGHT_SECONDS: Final = 3600


@dataclass(frozen=True, kw_only=True)
class HttpApiArgs:
    """Arguments of the HTTP API."""

    settings: "HttpApiSettings"
    function_name: pulumi.Input[str]
    function_alias: pulumi.Input[str]
    """An output of the alias: the permission waits for the alias then."""

    function_invoke_arn: pulumi.Input[str]
    issuer: pulumi.Input[str]
    client_id: pulumi.Input[str]
    guarded_routes: Sequence[str]
    """Route keys with the authorizer; empty if only the function checks tokens."""

    open_writes: Sequence[str]
    """Route keys that write without a token; each has a lower limit of its own."""

    disable_execute_api_endpoint: bool
    """True if the API answers under its custom domain only."""


class HttpApi(pulumi.ComponentResource):
    """An HTTP API in front of the function."""

    api_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """The API's URL, without a path."""

    api_stage: pulumi.Output[str]
    """The API Gateway stage, for the mapping of a custom domain."""

    access_log_group: pulumi.Output[str]

    def __init__(
        self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:components:HttpApi", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        api = self._create_api(name, args)
        target = self._create_integration(name, args, api)
        if args.guarded_routes:
            authorizer = self._create_authorizer(name, args, api)
            for route_key in args.guarded_routes:
                self._create_route(f"{name} {route_key}", route_key, api, target, authorizer)
        limited = [
            self._create_route(f"{name} {route_key}", route_key, api, target)
            for route_key in args.open_writes
        ]
        # Never with an authorizer: it would refuse the browser's preflight requests.
        self._create_route(f"{name} default", "$default", api, target)
        logs = self._create_log_group(name, args)
        api_stage = self._create_api_stage(name, args, api, logs, limited)
        self._create_permission(name, args, api)
        self.api_id, self.endpoint = api.id, api.api_endpoint
        self.api_stage, self.access_log_group = api_stage.id, logs.name
        self.register_outputs({"endpoint": self.endpoint})

    def _create_api(self, name: str, args: HttpApiArgs) -> aws.apigatewayv2.Api:
        return aws.apigatewayv2.Api(
            name,
            name=args.settings.name,
            protocol_type="HTTP",
            disable_execute_api_endpoint=args.disable_execute_api_endpoint,
            cors_configuration={
                "allow_origins": list(args.settings.cors_origins),
                "allow_methods": ["GET", "HEAD", "POST", "PUT", "DELETE"],
                "allow_headers": [
                    "Authorization",
                    "Content-Type",
                    "X-Session-Id",
                    "If-None-Match",
                ],
                "expose_headers": ["X-Request-Id", "Retry-After", "ETag"],
                "max_age": _PREFLIGHT_SECONDS,
            },
            tags=args.settings.tags,
            opts=self._child,
        )

    def _create_integration(
        self, name: str, args: HttpApiArgs, api: aws.apigatewayv2.Api
    ) -> pulumi.Output[str]:
        integration = aws.apigatewayv2.Integration(
            name,
            api_id=api.id,
            integration_type="AWS_PROXY",
            integration_uri=args.function_invoke_arn,
            payload_format_version="2.0",
            opts=self._child,
        )
        return pulumi.Output.concat("integrations/", integration.id)

    def _create_authorizer(
        self, name: str, args: HttpApiArgs, api: aws.apigatewayv2.Api
    ) -> aws.apigatewayv2.Authorizer:
        return aws.apigatewayv2.Authorizer(
            name,
            name=args.settings.name,
            api_id=api.id,
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            # The `aud` of ID tokens. They have no scopes, so the routes require none: a token
            # without `aud` passes if its `client_id` fits, and the function refuses it.
            jwt_configuration={"issuer": args.issuer, "audiences": [args.client_id]},
            opts=self._child,
        )

    def _create_route(
        self,
        name: str,
        route_key: str,
        api: aws.apigatewayv2.Api,
        target: pulumi.Input[str],
        authorizer: aws.apigatewayv2.Authorizer | None = None,
    ) -> aws.apigatewayv2.Route:
        return aws.apigatewayv2.Route(
            name,
            api_id=api.id,
            route_key=route_key,
            target=target,
            authorization_type="JWT" if authorizer else "NONE",
            authorizer_id=authorizer.id if authorizer else None,
            opts=self._child,
        )

    def _create_log_group(self, name: str, args: HttpApiArgs) -> aws.cloudwatch.LogGroup:
        logs = LogGroupArgs(
            settings=args.settings,
            # With this prefix the log needs no entry in a resource policy, whose size is limited.
            name=f"/aws/vendedlogs/{args.settings.name}",
            adopt=args.settings.adopt_access_log_group,
        )
        return create_log_group(f"{name}-access", logs, self)

    def _create_api_stage(
        self,
        name: str,
        args: HttpApiArgs,
        api: aws.apigatewayv2.Api,
        logs: aws.cloudwatch.LogGroup,
        limited: Sequence[aws.apigatewayv2.Route],
    ) -> aws.apigatewayv2.Stage:
        return aws.apigatewayv2.Stage(
            name,
            name="$default",
            api_id=api.id,
            auto_deploy=True,
            access_log_settings={
                "destination_arn": logs.arn,
                "format": json.dumps(ACCESS_LOG_FORMAT),
            },
            default_route_settings={
                "throttling_rate_limit": args.settings.throttling_rate,
                "throttling_burst_limit": args.settings.throttling_burst,
            },
            route_settings=[_open_limit(args.settings, key) for key in args.open_writes],
            tags=args.settings.tags,
            # AWS refuses the settings of a missing route.
            opts=pulumi.ResourceOptions(parent=self, depends_on=limited),
        )

    def _create_permission(self, name: str, args: HttpApiArgs, api: aws.apigatewayv2.Api) -> None:
        aws.lambda_.Permission(
            name,
            statement_id="gateway",
            action="lambda:InvokeFunction",
            principal="apigateway.amazonaws.com",
            function=args.function_name,
            qualifier=args.function_alias,
            source_arn=pulumi.Output.concat(api.execution_arn, "/*/*"),
            opts=self._child,
        )


def _open_limit(
    settings: "HttpApiSettings", route_key: str
) -> aws.apigatewayv2.StageRouteSettingArgsDict:
    """Return the limit of a route that writes without a token."""
    rate = min(settings.open_throttling_rate, settings.throttling_rate)
    return {
        "route_key": route_key,
        "throttling_rate_limit": rate,
        "throttling_burst_limit": min(2 * rate, settings.throttling_burst),
    }
