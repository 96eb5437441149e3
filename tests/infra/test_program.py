"""Every resource the program registers, for dev and prod, in preview and in full."""

import errno
import json
import os
import re
from pathlib import Path
from typing import Any, override

import pulumi
import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import rpc

from infra.deployment import pulumi_errors
from infra.errors import ContractError
from infra.paths import OPENAPI, PROJECT
from src import SITE
from src.api.kinds import KINDS
from src.repositories.views import VIEWS_INDEX
from tests.infra.recording_engine import Provider, Recorder
from tests.infra.registration import MANIFEST_SHA256, Registration, register

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
STAGES = {"dev": "development", "prod": "production"}
TAGGABLE = {
    "aws:apigatewayv2/api:Api",
    "aws:apigatewayv2/stage:Stage",
    LOG_GROUP,
    "aws:cognito/userPool:UserPool",
    "aws:dynamodb/table:Table",
    "aws:iam/role:Role",
    "aws:lambda/function:Function",
}
PRODUCTIONS = {
    "aws:acm/certificate:Certificate",
    "aws:apigatewayv2/domainName:DomainName",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:sns/topic:Topic",
}
"""What takes tags and is in production only."""

AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
ROUTE = "aws:apigatewayv2/route:Route"
TABLE = "aws:dynamodb/table:Table"
POOL = "aws:cognito/userPool:UserPool"
FUNCTION = "aws:lambda/function:Function"
QUERY = "aws:cloudwatch/queryDefinition:QueryDefinition"


@pytest.fixture(scope="module", params=STAGES)
def stage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=[True, False], ids=["preview", "full"])
def registration(stage: str, request: pytest.FixtureRequest) -> Registration:
    return register(stage, preview=request.param)


@pytest.fixture(scope="module")
def production() -> Registration:
    return register("prod", preview=False)


@pytest.fixture(scope="module", params=[True, False], ids=["preview", "full"])
def guarded(request: pytest.FixtureRequest) -> Registration:
    """Production with the gateway's authorizer."""
    return register("prod", preview=request.param, config={"gatewayAuthorizer": "true"})


@pytest.fixture(scope="module")
def development() -> Registration:
    return register("dev", preview=False)


def test_the_same_resources_are_registered_in_preview_and_in_full(stage: str) -> None:
    preview, full = register(stage, preview=True), register(stage, preview=False)
    assert {each.urn for each in preview.resources} == {each.urn for each in full.resources}


def test_physical_names_begin_with_the_environment(registration: Registration, stage: str) -> None:
    name = f"{STAGES[stage]}-{PROJECT}"
    assert registration.only(TABLE).inputs["name"] == f"{name}-table"
    for token in (FUNCTION, POOL, "aws:iam/role:Role", "aws:apigatewayv2/api:Api"):
        assert registration.only(token).inputs["name"] == name
    logs = {group.inputs["name"] for group in registration.of_type(LOG_GROUP)}
    assert logs == {f"/aws/lambda/{name}", f"/aws/vendedlogs/{name}"}


def test_everything_that_takes_tags_carries_them(registration: Registration, stage: str) -> None:
    tags = {"project": PROJECT, "environment": STAGES[stage], "managed-by": "pulumi"}
    taggable = TAGGABLE | PRODUCTIONS if stage == "prod" else TAGGABLE
    assert {each.type for each in registration.resources} >= taggable
    expected = dict.fromkeys(taggable, tags)
    expected[FUNCTION] = tags | {"package-manifest": MANIFEST_SHA256}
    for each in registration.resources:
        assert each.inputs.get("tags") == expected.get(each.type), each.urn


def test_every_resource_lies_under_its_component_and_the_stages_own_provider(
    registration: Registration, stage: str
) -> None:
    components = {
        each.urn: each
        for each in registration.resources
        if each.type.startswith(f"{PROJECT}:components:")
    }
    everywhere = {"table", "identity", "function", "api", "monitoring"}
    expected = {*everywhere, "domain"} if stage == "prod" else everywhere
    assert {each.name for each in components.values()} == expected
    assert set(components) <= registration.finished
    for each in registration.resources:
        if each.type.startswith("aws:"):
            assert each.name.startswith(components[each.parent].name)
            assert "::aws::" in each.provider, each.urn


def test_the_provider_refuses_accounts_that_are_not_the_stages(
    registration: Registration,
) -> None:
    provider = registration.only("pulumi:providers:aws").inputs
    assert provider["region"] == "us-east-1"
    assert json.loads(provider["allowedAccountIds"])


OPEN_WRITES = [
    "POST /analytics/track/{type}/{id}",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /visitors/track",
]
OWNERS = [
    *("POST /auth/logout", "GET /auth/me"),
    *(
        f"{method} /{base}{rest}"
        for base in {
            *("blogs", "projects", "certifications"),
            *(kind.path.removeprefix("/") for kind in KINDS),
        }
        for method, rest in [
            ("POST", ""),
            ("PUT", "/{id}"),
            ("DELETE", "/{id}"),
            ("POST", "/{id}/publish"),
            ("POST", "/{id}/unpublish"),
        ]
    ),
    *("GET /visitors/trends/daily", "GET /visitors/trends/monthly"),
    *("GET /analytics/views/{type}", "GET /analytics/top-content"),
    *("GET /analytics/views/total", "GET /analytics/overview", "GET /analytics/pages"),
    "GET /analytics/blog/{id}/stats",
]
"""The calls that the contract reserves for the holders of a token."""


def unnamed(route: str) -> str:
    """Return a route without the names of its parameters."""
    return re.sub(r"\{\w+\}", "{}", route)


def test_without_the_authorizer_the_function_gets_every_request(
    registration: Registration,
) -> None:
    routes = {each.inputs["routeKey"]: each.inputs for each in registration.of_type(ROUTE)}
    assert set(routes) == {*OPEN_WRITES, "$default"}
    for route in routes.values():
        assert route["authorizationType"] == "NONE"
        assert route["target"]
    assert registration.of_type(AUTHORIZER) == []


def test_each_route_that_writes_without_a_token_has_a_limit_of_its_own() -> None:
    full = register("prod", preview=False)
    assert limits(full) == dict.fromkeys(OPEN_WRITES, (10, 20))
    stage = full.only("aws:apigatewayv2/stage:Stage")
    # AWS refuses settings of a route that does not exist yet.
    urns = {each.urn for each in full.of_type(ROUTE) if each.inputs["routeKey"] in OPEN_WRITES}
    assert urns <= set(stage.dependencies)


def test_the_limit_of_a_route_is_never_above_that_of_all() -> None:
    low = register("dev", preview=False, config={"throttlingRate": "5", "throttlingBurst": "6"})
    assert limits(low) == dict.fromkeys(OPEN_WRITES, (5, 6))
    own = register("dev", preview=False, config={"openThrottlingRate": "3"})
    assert limits(own) == dict.fromkeys(OPEN_WRITES, (3, 6))


def limits(registration: Registration) -> dict[str, tuple[int, int]]:
    """The rate and burst of each route with settings of its own."""
    settings = registration.only("aws:apigatewayv2/stage:Stage").inputs["routeSettings"]
    return {
        each["routeKey"]: (each["throttlingRateLimit"], each["throttlingBurstLimit"])
        for each in settings
    }


def test_a_route_is_guarded_exactly_where_the_contract_says(guarded: Registration) -> None:
    built = {unnamed(path) for path in json.loads(OPENAPI.read_text())["paths"]}
    routes = {unnamed(each.inputs["routeKey"]): each.inputs for each in guarded.of_type(ROUTE)}
    for key in ("$default", *map(unnamed, OPEN_WRITES)):
        assert routes.pop(key)["authorizationType"] == "NONE"
    owners = map(unnamed, OWNERS)
    assert set(routes) == {key for key in owners if key.partition(" ")[2] in built}
    for inputs in routes.values():
        assert inputs["authorizationType"] == "JWT"
        # ID tokens have no scopes.
        assert "authorizationScopes" not in inputs
        assert inputs["authorizerId"]


def test_the_open_route_has_no_authorizer(guarded: Registration) -> None:
    (default,) = [each for each in guarded.of_type(ROUTE) if each.inputs["routeKey"] == "$default"]
    assert "authorizerId" not in default.inputs
    assert not [each for each in guarded.of_type(ROUTE) if "ANY" in each.inputs["routeKey"]]


def test_the_authorizer_takes_the_pools_tokens_for_this_client() -> None:
    guarded = register("prod", preview=False, config={"gatewayAuthorizer": "true"})
    assert guarded.only(AUTHORIZER).inputs["jwtConfiguration"] == {
        "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool",
        "audiences": ["identity-id"],
    }


def statements(registration: Registration) -> dict[str, dict[str, Any]]:
    document = json.loads(registration.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_the_only_wildcards_are_traces_and_the_streams_of_its_own_logs(
    production: Registration,
) -> None:
    by_sid = statements(production)
    arns = "arn:aws:service:region:123456789012:"
    assert by_sid["Table"]["Resource"] == f"{arns}table"
    assert by_sid["Indexes"]["Resource"] == [f"{arns}table/index/{VIEWS_INDEX}"]
    assert by_sid["Logs"]["Resource"] == f"{arns}function:*"
    assert by_sid["Traces"]["Resource"] == "*"
    assert set(by_sid) == {"Table", "Indexes", "Logs", "Traces"}
    actions = [action for each in by_sid.values() for action in each["Action"]]
    assert not [action for action in actions if "*" in action]
    assert "logs:CreateLogGroup" not in actions


def test_the_table_actions_are_those_of_the_backend(production: Registration) -> None:
    assert statements(production)["Table"]["Action"] == [
        "dynamodb:BatchGetItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    ]
    assert statements(production)["Indexes"]["Action"] == ["dynamodb:Query"]


def test_only_lambda_takes_the_role(production: Registration) -> None:
    role = production.only("aws:iam/role:Role").inputs
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


@pytest.mark.parametrize("boundary", ["", "arn:aws:iam::222222222222:policy/boundary"])
def test_the_role_is_bounded_as_the_settings_say(boundary: str) -> None:
    bounded = register("prod", preview=False, config={"permissionsBoundary": boundary})
    role = bounded.only("aws:iam/role:Role").inputs
    assert role.get("permissionsBoundary", "") == boundary


def test_the_table_is_the_one_the_backend_reads(registration: Registration) -> None:
    table = registration.only(TABLE).inputs
    assert (table["hashKey"], table["rangeKey"]) == ("PK", "SK")
    attributes = {each["name"]: each["type"] for each in table["attributes"]}
    assert attributes == {"PK": "S", "SK": "S", "views": "N"}
    (index,) = table["globalSecondaryIndexes"]
    assert (index["name"], index["projectionType"]) == (VIEWS_INDEX, "KEYS_ONLY")
    keys = {key["keyType"]: key["attributeName"] for key in index["keySchemas"]}
    assert keys == {"HASH": "PK", "RANGE": "views"}
    # It could only be made with the table, and one that is there would have to be replaced.
    assert "localSecondaryIndexes" not in table
    assert table["ttl"] == {"attributeName": "expiresAt", "enabled": True}
    assert table["billingMode"] == "PAY_PER_REQUEST"


def test_production_keeps_what_holds_data_and_nothing_else(production: Registration) -> None:
    table, pool = production.only(TABLE).inputs, production.only(POOL).inputs
    kept = {each.type for each in production.resources if each.protect}
    assert kept == {TABLE, POOL, LOG_GROUP}
    assert table["deletionProtectionEnabled"]
    assert table["pointInTimeRecovery"] == {"enabled": True}
    assert pool["deletionProtection"] == "ACTIVE"


def test_productions_logs_outlive_its_stack(production: Registration) -> None:
    retained = [each for each in production.resources if each.retain_on_delete]
    assert retained == production.of_type(LOG_GROUP)
    assert len(retained) == 2


def test_production_refuses_to_lose_data_and_says_why(production: Registration) -> None:
    refusals = {each.type: each.delete_hooks for each in production.resources if each.delete_hooks}
    advice = "holds data: to allow its deletion, set protect to false, remove {}, and run pulumi up"
    assert refusals == {
        TABLE: (f"the table {advice.format('adoptTable')}",),
        POOL: (f"the user pool {advice.format('adoptUserPool')}",),
        QUERY: (
            "the stage is protected: to allow its deletion, set protect to false and run pulumi up",
        ),
    }


def test_destroy_deletes_the_guarded_query_first_and_alone(production: Registration) -> None:
    resources = [each for each in production.resources if each.type.startswith("aws:")]
    needed = {urn for each in resources for urn in each.dependencies}
    assert [each.type for each in resources if each.urn not in needed] == [QUERY]


def test_development_leaves_nothing_behind(development: Registration) -> None:
    for each in development.resources:
        assert not each.protect, each.urn
        assert not each.retain_on_delete, each.urn
        assert not each.delete_hooks, each.urn
        assert not each.inputs.get("skipDestroy"), each.urn
    assert not development.only(TABLE).inputs["deletionProtectionEnabled"]
    # DeleteTable would leave a backup for 35 days.
    assert development.only(TABLE).inputs["pointInTimeRecovery"] == {"enabled": False}
    assert development.only(POOL).inputs["deletionProtection"] == "INACTIVE"


def test_log_groups_and_permissions_come_before_the_function(production: Registration) -> None:
    function = production.only(FUNCTION)
    waits_for = {urn.rpartition("::")[0].rpartition("$")[2] for urn in function.dependencies}
    assert {"aws:cloudwatch/logGroup:LogGroup", "aws:iam/rolePolicy:RolePolicy"} <= waits_for
    assert function.inputs["loggingConfig"]["logGroup"] == f"/aws/lambda/production-{PROJECT}"


def test_the_function_is_what_the_settings_say(production: Registration) -> None:
    inputs = production.only(FUNCTION).inputs
    expected = {
        "handler": "src.main.handler",
        "runtime": "python3.12",
        "memorySize": 512,
        "timeout": 30,
        "architectures": ["x86_64"],
        "publish": True,
        "tracingConfig": {"mode": "Active"},
    }
    assert {name: inputs[name] for name in expected} == expected
    assert "snapStart" not in inputs
    assert "reservedConcurrentExecutions" not in inputs


def test_snap_start_and_reserved_concurrency_are_settings() -> None:
    config = {"snapStart": "true", "reservedConcurrency": "5"}
    function = register("dev", preview=False, config=config).only(FUNCTION).inputs
    assert function["snapStart"] == {"applyOn": "PublishedVersions"}
    assert function["reservedConcurrentExecutions"] == 5


def test_without_tracing_the_function_may_not_trace_either() -> None:
    untraced = register("dev", preview=False, config={"tracing": "false"})
    assert untraced.only(FUNCTION).inputs["tracingConfig"] == {"mode": "PassThrough"}
    assert set(statements(untraced)) == {"Table", "Indexes", "Logs"}


def test_live_follows_the_newest_version(
    development: Registration, caplog: pytest.LogCaptureFixture
) -> None:
    alias = development.only("aws:lambda/alias:Alias").inputs
    assert alias["functionVersion"] == "7"
    assert development.outputs["live_version"] == "7"
    assert "pinned" not in caplog.text


def test_a_pinned_version_stays_live_while_new_code_is_published(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pinned = register("dev", preview=False, config={"pinnedVersion": "5"})
    assert pinned.only("aws:lambda/alias:Alias").inputs["functionVersion"] == "5"
    assert pinned.only(FUNCTION).inputs["publish"] is True
    assert pinned.outputs["live_version"] == "5"
    (warning,) = [each for each in caplog.messages if "pinned" in each]
    assert warning == (
        "live is pinned to version 5 and stays there. To follow the newest version: "
        "portfolio rollback --unpin --stack dev"
    )


def test_settings_reach_what_they_set() -> None:
    changes = {
        "region": "eu-west-1",
        "memory": "1769",
        "timeout": "9",
        "architecture": "arm64",
        "logRetentionDays": "7",
        "throttlingRate": "5",
        "throttlingBurst": "6",
        "gatewayAuthorizer": "true",
    }
    changed = register("dev", preview=False, config=changes)
    function = changed.only(FUNCTION).inputs
    assert (function["memorySize"], function["timeout"]) == (1769, 9)
    assert function["architectures"] == ["arm64"]
    logs = changed.of_type("aws:cloudwatch/logGroup:LogGroup")
    assert {group.inputs["retentionInDays"] for group in logs} == {7}
    throttling = changed.only("aws:apigatewayv2/stage:Stage").inputs["defaultRouteSettings"]
    assert throttling == {"throttlingRateLimit": 5, "throttlingBurstLimit": 6}
    assert changed.only("pulumi:providers:aws").inputs["region"] == "eu-west-1"
    authorizer = changed.only(AUTHORIZER).inputs
    assert "cognito-idp.eu-west-1.amazonaws.com" in authorizer["jwtConfiguration"]["issuer"]


def test_the_gateway_calls_the_alias_and_is_allowed_to(production: Registration) -> None:
    permission = production.only("aws:lambda/permission:Permission")
    assert permission.inputs["qualifier"] == "live"
    assert permission.inputs["sourceArn"].endswith(":abc123/*/*")
    assert "aws:lambda/alias:Alias" in {
        urn.rpartition("::")[0].rpartition("$")[2] for urn in permission.dependencies
    }
    alias = production.only("aws:lambda/alias:Alias").inputs
    assert (alias["name"], alias["functionVersion"]) == ("live", "7")
    integration = production.only("aws:apigatewayv2/integration:Integration").inputs
    assert integration["integrationUri"].endswith("path/function-live")
    assert integration["payloadFormatVersion"] == "2.0"


def test_the_functions_environment_is_complete(production: Registration) -> None:
    # The SDK's own reader makes an object secret if one of its values is.
    environment = rpc.unwrap_rpc_secret(production.only(FUNCTION).inputs["environment"])
    assert environment["variables"] == {
        "ENVIRONMENT": "production",
        "DYNAMODB_TABLE_NAME": f"production-{PROJECT}-table",
        "COGNITO_USER_POOL_ID": "us-east-1_Pool",
        "COGNITO_CLIENT_ID": "identity-id",
        "CORS_ORIGINS": f"https://{SITE},https://www.{SITE}",
        "LOG_LEVEL": "INFO",
        "COUNTER_SHARDS": "64",
        "SESSION_KEY": "k" * 48,
    }


class Listener(Recorder):
    """Keeps the function's variables as they are sent to the engine."""

    sent: dict[str, Any]

    @override
    def RegisterResource(self, request: Any) -> Any:
        if request.type == FUNCTION:
            self.sent = MessageToDict(request.object)["environment"]["variables"]
        return super().RegisterResource(request)


def test_of_the_functions_variables_the_session_key_alone_is_secret() -> None:
    for preview in (True, False):
        listener = Listener(Provider(), preview=preview)
        register("dev", preview=preview, recorder=listener)
        readable = {name for name, value in listener.sent.items() if isinstance(value, str)}
        assert listener.sent.keys() - readable == {"SESSION_KEY"}
        assert listener.sent["LOG_LEVEL"] == "DEBUG"


def test_a_value_that_turns_out_not_to_fit_stops_the_deployment() -> None:
    recorder = Recorder(Provider(pool_id="no pool"), preview=False)
    with pytest.raises(ContractError, match="COGNITO_USER_POOL_ID: ") as failure:
        register("prod", preview=False, recorder=recorder)
    assert isinstance(failure.value, pulumi.RunError)
    assert FUNCTION not in {each.type for each in recorder.registered}


def test_cors_is_the_contracts(production: Registration) -> None:
    assert production.only("aws:apigatewayv2/api:Api").inputs["corsConfiguration"] == {
        "allowOrigins": [f"https://{SITE}", f"https://www.{SITE}"],
        "allowMethods": ["GET", "HEAD", "POST", "PUT", "DELETE"],
        "allowHeaders": ["Authorization", "Content-Type", "X-Session-Id", "If-None-Match"],
        "exposeHeaders": ["X-Request-Id", "Retry-After", "ETag"],
        "maxAge": 3600,
    }


def test_the_access_log_knows_requests_and_not_people(production: Registration) -> None:
    stage = production.only("aws:apigatewayv2/stage:Stage").inputs
    entry = json.loads(stage["accessLogSettings"]["format"])
    assert {
        "requestId",
        "functionRequestId",
        "route",
        "status",
        "latency",
        "integrationError",
        "authorizerError",
    } <= set(entry)
    assert "$context.identity" not in json.dumps(entry)
    assert stage["defaultRouteSettings"] == {
        "throttlingRateLimit": 50,
        "throttlingBurstLimit": 100,
    }


def test_users_are_created_by_the_owner_only(production: Registration) -> None:
    pool = production.only(POOL).inputs
    assert pool["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}
    assert pool["usernameAttributes"] == ["email"]
    client = production.only("aws:cognito/userPoolClient:UserPoolClient").inputs
    assert client["generateSecret"] is False
    assert client["preventUserExistenceErrors"] == "ENABLED"
    assert client["explicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["enableTokenRevocation"] is True
    assert (client["accessTokenValidity"], client["idTokenValidity"]) == (60, 60)
    assert client["refreshTokenValidity"] == 30
    assert client["tokenValidityUnits"] == {
        "accessToken": "minutes",
        "idToken": "minutes",
        "refreshToken": "days",
    }
    assert production.only("aws:cognito/userGroup:UserGroup").inputs["name"] == "owner"


def test_no_user_writes_the_role_and_the_frontend_reads_it(production: Registration) -> None:
    (role,) = production.only(POOL).inputs["schemas"]
    assert (role["name"], role["attributeDataType"], role["mutable"]) == ("role", "String", True)
    assert role["stringAttributeConstraints"] == {"minLength": "1", "maxLength": "20"}
    client = production.only("aws:cognito/userPoolClient:UserPoolClient").inputs
    assert set(client["readAttributes"]) == {"custom:role", "email", "email_verified", "name"}


def test_an_access_token_changes_nothing_but_the_name(production: Registration) -> None:
    client = production.only("aws:cognito/userPoolClient:UserPoolClient").inputs
    assert client["writeAttributes"] == ["name"]
    # Without OAuth, the only scope of an access token is aws.cognito.signin.user.admin.
    assert not [key for key in client if "oauth" in key.lower() or "callback" in key.lower()]
    pool = production.only(POOL).inputs
    # With them, a token would be enough to add a second factor or a passkey of one's own.
    assert not pool.keys() & {"mfaConfiguration", "webAuthnConfiguration", "signInPolicy"}


def test_the_stack_outputs(production: Registration) -> None:
    assert production.outputs == {
        "access_log_group": f"/aws/vendedlogs/production-{PROJECT}",
        "api_url": f"https://api.{SITE}",
        "function_name": f"production-{PROJECT}",
        "live_version": "7",
        "table_name": f"production-{PROJECT}-table",
        "user_pool_id": "us-east-1_Pool",
        "user_pool_client_id": "identity-id",
        "log_group": f"/aws/lambda/production-{PROJECT}",
    }


def test_a_preview_knows_the_names_but_not_the_ids(stage: str) -> None:
    outputs = dict(register(stage, preview=True).outputs)
    name = f"{STAGES[stage]}-{PROJECT}"
    assert outputs.pop("api_url", None) == (f"https://api.{SITE}" if stage == "prod" else None)
    assert outputs == {
        "access_log_group": f"/aws/vendedlogs/{name}",
        "function_name": name,
        "log_group": f"/aws/lambda/{name}",
        "table_name": f"{name}-table",
    }


def test_no_component_reads_configuration() -> None:
    components = Path(__file__).parents[2] / "infra" / "components"
    readers = [path.name for path in components.glob("*.py") if "Config(" in path.read_text()]
    assert readers == []


def test_pulumi_shows_a_refusal_without_a_traceback() -> None:
    refused = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/full")
    with (
        pytest.raises(pulumi.RunError, match=r"^/full: No space left on device\. Free"),
        pulumi_errors(),
    ):
        raise refused
