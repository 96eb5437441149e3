"""The AWS provider's calls to create, read, change and delete each type of resource.

They are from the source of terraform-provider-aws, the base of pulumi-aws, for the inputs of this
project's program. Each call has the resource for IAM's check, and the link to the stage: the
name, the tags of the resource, or the tags in the request.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from infra.paths import PROJECT
from src import SITE
from tests.bootstrap.iam_evaluator import Context, Request

REGION, ACCOUNT = "us-east-1", "222222222222"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/{PROJECT}-{{tier}}-boundary"
DOMAIN = f"api.{SITE}"
ZONE = "route53:::hostedzone/Z0000000000000000000"

EXISTING, NEW = "aws:ResourceTag", "aws:RequestTag"


def filled(context: Context, names: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Return a context with its placeholders filled in."""
    return {
        key: value.format(**names)
        if isinstance(value, str)
        else [each.format(**names) for each in value]
        for key, value in context.items()
    }


@dataclass(frozen=True)
class Call:
    """One action on a resource of a stage."""

    action: str
    resource: str
    """ARN without `arn:aws:`. `{name}` is the prefix of the stage's names."""

    tags: tuple[str, ...] = ()
    """Places of the stage's tags: `EXISTING` on the resource, `NEW` in the request."""

    context: Context = field(default_factory=dict[str, str | list[str]])
    shared: bool = False
    """The resource belongs to all stages."""

    def request(self, environment: str, tier: str) -> Request:
        """Return the request of a stage."""
        name = f"{environment}-{PROJECT}"
        tags = {"project": PROJECT, "environment": environment, "managed-by": "pulumi"}
        context = filled(self.context, {"name": name, "tier": tier})
        for where in self.tags:
            context |= {f"{where}/{key}": value for key, value in tags.items()}
        resource = self.resource.format(name=name)
        return Request(self.action, resource if resource == "*" else f"arn:aws:{resource}", context)


def _calls(
    service: str, resource: str, actions: str, tags: tuple[str, ...] = (), *, shared: bool = False
) -> Iterator[Call]:
    for action in actions.split():
        yield Call(f"{service}:{action}", resource, tags, shared=shared)


def _log_group(prefix: str) -> Iterable[Call]:
    group = f"logs:{REGION}:{ACCOUNT}:log-group:{prefix}{{name}}"
    yield from _calls("logs", group, "CreateLogGroup TagResource UntagResource", (NEW,))
    yield from _calls("logs", group, "PutRetentionPolicy DeleteRetentionPolicy DeleteLogGroup")
    yield from _calls("logs", group, "ListTagsForResource")
    yield from _calls("logs", "*", "DescribeLogGroups", shared=True)


def _role() -> Iterable[Call]:
    role = f"iam::{ACCOUNT}:role/{{name}}"
    yield from _calls("iam", role, "GetRole ListRolePolicies ListAttachedRolePolicies TagRole")
    yield from _calls("iam", role, "ListInstanceProfilesForRole UntagRole")
    bounded = {"iam:PermissionsBoundary": BOUNDARY}
    for action in ("CreateRole", "DeleteRole", "UpdateRoleDescription", "UpdateAssumeRolePolicy"):
        yield Call(f"iam:{action}", role, context=bounded)
    yield Call("iam:PutRolePermissionsBoundary", role, context=bounded)


def _role_policy() -> Iterable[Call]:
    role = f"iam::{ACCOUNT}:role/{{name}}"
    yield Call("iam:GetRolePolicy", role)
    for action in ("PutRolePolicy", "DeleteRolePolicy"):
        yield Call(f"iam:{action}", role, context={"iam:PermissionsBoundary": BOUNDARY})


def _function() -> Iterable[Call]:
    function = f"lambda:{REGION}:{ACCOUNT}:function:{{name}}"
    yield from _calls("lambda", function, "CreateFunction TagResource", (NEW,))
    yield from _calls("lambda", function, "GetFunction GetFunctionCodeSigningConfig UntagResource")
    yield from _calls("lambda", function, "GetFunctionConfiguration ListVersionsByFunction")
    yield from _calls("lambda", function, "UpdateFunctionCode UpdateFunctionConfiguration")
    yield from _calls("lambda", function, "PublishVersion DeleteFunction")
    yield from _calls("lambda", function, "PutFunctionConcurrency DeleteFunctionConcurrency")
    yield from _calls("lambda", f"{function}:7", "GetFunction GetFunctionConfiguration")
    role = f"iam::{ACCOUNT}:role/{{name}}"
    yield Call("iam:PassRole", role, context={"iam:PassedToService": "lambda.amazonaws.com"})


def _permission() -> Iterable[Call]:
    alias = f"lambda:{REGION}:{ACCOUNT}:function:{{name}}:live"
    gateway: Context = {"lambda:Principal": "apigateway.amazonaws.com"}
    yield Call("lambda:AddPermission", alias, context=gateway)
    yield from _calls("lambda", alias, "GetPolicy RemovePermission")


def _table() -> Iterable[Call]:
    table = f"dynamodb:{REGION}:{ACCOUNT}:table/{{name}}-table"
    yield from _calls("dynamodb", table, "CreateTable TagResource", (NEW,))
    yield from _calls("dynamodb", table, "DescribeTable DescribeContinuousBackups")
    yield from _calls("dynamodb", table, "DescribeTimeToLive ListTagsOfResource UntagResource")
    yield from _calls("dynamodb", table, "UpdateTable UpdateContinuousBackups UpdateTimeToLive")
    yield from _calls("dynamodb", table, "DeleteTable")


POOL = f"cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_AbCdEf123"


def _user_pool() -> Iterable[Call]:
    yield from _calls("cognito-idp", "*", "CreateUserPool", (NEW,))
    yield from _calls("cognito-idp", POOL, "TagResource", (NEW,))
    yield from _calls("cognito-idp", POOL, "TagResource", (NEW, EXISTING))
    existing = (
        "AddCustomAttributes DescribeUserPool GetUserPoolMfaConfig SetUserPoolMfaConfig "
        "UpdateUserPool"
    )
    yield from _calls("cognito-idp", POOL, existing, (EXISTING,))
    yield from _calls("cognito-idp", POOL, "UntagResource DeleteUserPool", (EXISTING,))


def _in_pool(actions: str) -> Iterable[Call]:
    return _calls("cognito-idp", POOL, actions, (EXISTING,))


API = f"apigateway:{REGION}::/apis/a1b2c3d4e5"


def _api() -> Iterable[Call]:
    yield from _calls("apigateway", f"apigateway:{REGION}::/apis", "POST TagResource", (NEW,))
    yield from _calls("apigateway", API, "GET PATCH DELETE", (EXISTING,))
    yield from _calls("apigateway", f"{API}/cors", "DELETE", (EXISTING,))


def _in_api(collection: str) -> Iterable[Call]:
    yield from _calls("apigateway", f"{API}/{collection}", "POST", (EXISTING,))
    yield from _calls("apigateway", f"{API}/{collection}/f6g7h8", "GET PATCH DELETE", (EXISTING,))


def _api_stage() -> Iterable[Call]:
    yield from _in_api("stages")
    settings = f"{API}/stages/$default/routesettings/POST *"
    yield from _calls("apigateway", settings, "DELETE", (EXISTING,))
    yield from _calls("apigateway", f"{API}/stages", "TagResource", (NEW, EXISTING))
    yield from _calls("apigateway", f"{API}/stages/$default", "TagResource", (NEW, EXISTING))
    delivery = "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery"
    yield from _calls("logs", "*", delivery, shared=True)
    policies = "ListLogDeliveries PutResourcePolicy DescribeResourcePolicies"
    yield from _calls("logs", "*", policies, shared=True)


def _domain_name() -> Iterable[Call]:
    domains = f"apigateway:{REGION}::/domainnames"
    yield from _calls("apigateway", domains, "POST TagResource", (NEW,))
    yield from _calls("apigateway", f"{domains}/{DOMAIN}", "GET PATCH DELETE", shared=True)
    yield from _calls("apigateway", f"{domains}/{DOMAIN}", "TagResource", (NEW, EXISTING))
    linked = "iam::222222222222:role/aws-service-role/ops.apigateway.amazonaws.com"
    yield Call(
        "iam:CreateServiceLinkedRole",
        f"{linked}/AWSServiceRoleForAPIGateway",
        context={"iam:AWSServiceName": "ops.apigateway.amazonaws.com"},
        shared=True,
    )


def _api_mapping() -> Iterable[Call]:
    mappings = f"apigateway:{REGION}::/domainnames/{DOMAIN}/apimappings"
    yield from _calls("apigateway", mappings, "POST", shared=True)
    yield from _calls("apigateway", f"{mappings}/x1", "GET PATCH DELETE", shared=True)


CERTIFICATE = f"acm:{REGION}:{ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012"


def _certificate() -> Iterable[Call]:
    yield Call("acm:RequestCertificate", "*", (NEW,), {"acm:DomainNames": [DOMAIN]})
    yield from _calls("acm", CERTIFICATE, "AddTagsToCertificate", (NEW,))
    existing = "DescribeCertificate ListTagsForCertificate DeleteCertificate"
    yield from _calls("acm", CERTIFICATE, existing, (EXISTING,))
    changing = "AddTagsToCertificate RemoveTagsFromCertificate UpdateCertificateOptions"
    yield from _calls("acm", CERTIFICATE, changing, (EXISTING,))


def _record() -> Iterable[Call]:
    change = "route53:ChangeResourceRecordSets"
    for name, kind in ((DOMAIN, "A"), (DOMAIN, "AAAA"), (f"_3f2a1b.{DOMAIN}", "CNAME")):
        context: Context = {
            f"{change}NormalizedRecordNames": [name],
            f"{change}RecordTypes": [kind],
        }
        yield Call(change, ZONE, context=context, shared=True)
    yield from _calls("route53", ZONE, "GetHostedZone ListResourceRecordSets", shared=True)
    yield from _calls("route53", "route53:::change/C0123456789", "GetChange", shared=True)
    # The provider finds the zone by its name.
    yield from _calls("route53", "*", "ListHostedZones ListHostedZonesByName", shared=True)
    yield from _calls("route53", ZONE, "ListTagsForResource", shared=True)


def _alarm() -> Iterable[Call]:
    alarm = f"cloudwatch:{REGION}:{ACCOUNT}:alarm:{{name}}-errors"
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{{name}}-alarms"
    yield Call("cloudwatch:PutMetricAlarm", alarm, (NEW,), {"cloudwatch:AlarmActions": [topic]})
    yield from _calls("cloudwatch", alarm, "TagResource", (NEW,))
    yield from _calls("cloudwatch", alarm, "DeleteAlarms ListTagsForResource UntagResource")
    # DescribeAlarms with a list of names: AWS checks it on `alarm:*`.
    every = f"cloudwatch:{REGION}:{ACCOUNT}:alarm:*"
    yield from _calls("cloudwatch", every, "DescribeAlarms", shared=True)


def _topic() -> Iterable[Call]:
    topic = f"sns:{REGION}:{ACCOUNT}:{{name}}-alarms"
    yield from _calls("sns", topic, "CreateTopic TagResource", (NEW,))
    yield from _calls("sns", topic, "GetTopicAttributes SetTopicAttributes ListTagsForResource")
    yield from _calls("sns", topic, "UntagResource DeleteTopic")


def _subscription() -> Iterable[Call]:
    topic = f"sns:{REGION}:{ACCOUNT}:{{name}}-alarms"
    yield Call("sns:Subscribe", topic, context={"sns:Protocol": "email"})
    yield from _calls("sns", topic, "ListSubscriptionsByTopic")
    attributes = "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe"
    yield from _calls("sns", "*", attributes, shared=True)


def _topic_policy() -> Iterable[Call]:
    topic = f"sns:{REGION}:{ACCOUNT}:{{name}}-alarms"
    return _calls("sns", topic, "GetTopicAttributes SetTopicAttributes")


PROVIDER_CALLS: dict[str, tuple[Call, ...]] = {
    "aws:acm/certificate:Certificate": tuple(_certificate()),
    "aws:acm/certificateValidation:CertificateValidation": tuple(
        _calls("acm", CERTIFICATE, "DescribeCertificate", (EXISTING,))
    ),
    "aws:apigatewayv2/api:Api": tuple(_api()),
    "aws:apigatewayv2/apiMapping:ApiMapping": tuple(_api_mapping()),
    "aws:apigatewayv2/authorizer:Authorizer": tuple(_in_api("authorizers")),
    "aws:apigatewayv2/domainName:DomainName": tuple(_domain_name()),
    "aws:apigatewayv2/integration:Integration": tuple(_in_api("integrations")),
    "aws:apigatewayv2/route:Route": tuple(_in_api("routes")),
    "aws:apigatewayv2/stage:Stage": tuple(_api_stage()),
    "aws:budgets/budget:Budget": tuple(
        _calls(
            "budgets",
            f"budgets::{ACCOUNT}:budget/{{name}}-monthly",
            "ModifyBudget ViewBudget ListTagsForResource TagResource UntagResource",
        )
    ),
    "aws:cloudwatch/dashboard:Dashboard": tuple(
        _calls(
            "cloudwatch",
            f"cloudwatch::{ACCOUNT}:dashboard/{{name}}",
            "PutDashboard GetDashboard DeleteDashboards",
        )
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        *_log_group("/aws/lambda/"),
        *_log_group("/aws/vendedlogs/"),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": tuple(_alarm()),
    "aws:cloudwatch/queryDefinition:QueryDefinition": tuple(
        _calls(
            "logs",
            "*",
            "PutQueryDefinition DescribeQueryDefinitions DeleteQueryDefinition",
            shared=True,
        )
    ),
    "aws:cognito/userGroup:UserGroup": tuple(
        _in_pool("CreateGroup GetGroup UpdateGroup DeleteGroup")
    ),
    "aws:cognito/userPool:UserPool": tuple(_user_pool()),
    "aws:cognito/userPoolClient:UserPoolClient": tuple(
        _in_pool(
            "CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient"
        )
    ),
    "aws:dynamodb/table:Table": tuple(_table()),
    "aws:iam/role:Role": tuple(_role()),
    "aws:iam/rolePolicy:RolePolicy": tuple(_role_policy()),
    "aws:lambda/alias:Alias": tuple(
        _calls(
            "lambda",
            f"lambda:{REGION}:{ACCOUNT}:function:{{name}}:live",
            "CreateAlias GetAlias UpdateAlias DeleteAlias",
        )
    ),
    "aws:lambda/function:Function": tuple(_function()),
    "aws:lambda/permission:Permission": tuple(_permission()),
    "aws:route53/record:Record": tuple(_record()),
    "aws:sns/topic:Topic": tuple(_topic()),
    "aws:sns/topicPolicy:TopicPolicy": tuple(_topic_policy()),
    "aws:sns/topicSubscription:TopicSubscription": tuple(_subscription()),
    # This is not a type of AWS: the provider makes its values itself.
    "random:index/randomPassword:RandomPassword": (),
}
"""The calls of each resource type, by Pulumi's type token."""

BESIDES_THE_PROGRAM = (
    # The search for the leftovers of a preview.
    Call("cloudwatch:ListDashboards", "*", shared=True),
    Call("iam:ListRoles", "*", shared=True),
    Call("tag:GetResources", "*", shared=True),
)
