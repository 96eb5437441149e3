"""The HTTP API: CORS, the routes that need a token, the open rest, and the access log."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from infra.components.access_log import ACCESS_LOG_FORMAT
from infra.components.log_group import LogGroupArgs, create_log_group
from infra.components.protection import refuse_other_issuer

ACCESS_TOKEN_SCOPE: Final = "aws.cognito.signin.user.admin"  # noqa: S105 - a scope's name
"""What Cognito's access tokens carry and its ID tokens do not."""

_PREFLIGHT_SECONDS: Final = 3600


@dataclass(frozen=True, kw_only=True)
class HttpApiArgs:
    """What the API needs to know."""

    name: str
    function_name: pulumi.Input[str]
    function_alias: pulumi.Input[str]
    """An output of the alias itself: the permission can only be given once that exists."""

    function_invoke_arn: pulumi.Input[str]
    issuer: pulumi.Input[str]
    is_issuer_kept: bool
    """Whether it is refused that another takes the issuer's place."""

    client_id: pulumi.Input[str]
    guarded_routes: Sequence[str]
    """The route keys that need a token; the rest is left to the function."""

    cors_origins: Sequence[str]
    throttling_rate: int
    throttling_burst: int
    log_retention_days: int
    protect_logs: bool
    """Whether the access log is kept from deletion, and outlives its stack."""

    adopt_log_group: str | None
    """The name of the access log's group, where that is there already."""

    disable_execute_api_endpoint: bool
    """Whether it answers under its custom domain alone."""

    tags: Mapping[str, str]


class HttpApi(pulumi.ComponentResource):
    """An HTTP API in front of the function."""

    api_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """Its URL, without a path."""

    stage: pulumi.Output[str]
    """What a custom domain is mapped to."""

    access_log_group: pulumi.Output[str]

    def __init__(
        self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("portfolio-api:components:HttpApi", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        api = self._create_api(name, args)
        target = self._create_integration(name, args, api)
        authorizer = self._create_authorizer(name, args, api)
        for route_key in args.guarded_routes:
            self._create_route(f"{name} {route_key}", route_key, api, target, authorizer)
        # Never an authorizer here: it would catch the browser's preflight.
        self._create_route(f"{name} default", "$default", api, target)
        logs = self._create_access_log(name, args)
        stage = self._create_stage(name, args, api, logs)
        self._create_permission(name, args, api)
        self.api_id, self.endpoint = api.id, api.api_endpoint
        self.stage, self.access_log_group = stage.id, logs.name
        self.register_outputs({"endpoint": self.endpoint})

    def _create_api(self, name: str, args: HttpApiArgs) -> aws.apigatewayv2.Api:
        return aws.apigatewayv2.Api(
            name,
            name=args.name,
            protocol_type="HTTP",
            disable_execute_api_endpoint=args.disable_execute_api_endpoint,
            cors_configuration={
                "allow_origins": list(args.cors_origins),
                "allow_methods": ["GET", "POST", "PUT", "DELETE"],
                "allow_headers": ["Authorization", "Content-Type", "X-Session-Id"],
                "expose_headers": ["X-Request-Id", "Retry-After"],
                "max_age": _PREFLIGHT_SECONDS,
            },
            tags=args.tags,
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
            name=args.name,
            api_id=api.id,
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            # An access token has no `aud`: API Gateway then looks at its `client_id`.
            jwt_configuration={"issuer": args.issuer, "audiences": [args.client_id]},
            opts=pulumi.ResourceOptions(
                parent=self, hooks=refuse_other_issuer() if args.is_issuer_kept else None
            ),
        )

    def _create_route(
        self,
        name: str,
        route_key: str,
        api: aws.apigatewayv2.Api,
        target: pulumi.Input[str],
        authorizer: aws.apigatewayv2.Authorizer | None = None,
    ) -> None:
        aws.apigatewayv2.Route(
            name,
            api_id=api.id,
            route_key=route_key,
            target=target,
            authorization_type="JWT" if authorizer else "NONE",
            authorizer_id=authorizer.id if authorizer else None,
            authorization_scopes=[ACCESS_TOKEN_SCOPE] if authorizer else None,
            opts=self._child,
        )

    def _create_access_log(self, name: str, args: HttpApiArgs) -> aws.cloudwatch.LogGroup:
        logs = LogGroupArgs(
            # Under this prefix the gateway needs no resource policy of its own to grow.
            name=f"/aws/vendedlogs/{args.name}",
            retention_days=args.log_retention_days,
            protect=args.protect_logs,
            adopt=args.adopt_log_group,
            tags=args.tags,
        )
        return create_log_group(f"{name}-access", logs, self)

    def _create_stage(
        self,
        name: str,
        args: HttpApiArgs,
        api: aws.apigatewayv2.Api,
        logs: aws.cloudwatch.LogGroup,
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
                "throttling_rate_limit": args.throttling_rate,
                "throttling_burst_limit": args.throttling_burst,
            },
            tags=args.tags,
            opts=self._child,
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
