"""Ways to gain more power. A deploy role of any tier must not have them.

Some use an action without any grant. They are for the day somebody adds such a grant.
"""

from infra.paths import PROJECT
from src import SITE
from tests.bootstrap.iam_evaluator import Context, Request
from tests.bootstrap.provider_calls import (
    ACCOUNT,
    API,
    BOUNDARY,
    CERTIFICATE,
    DOMAIN,
    POOL,
    REGION,
    ZONE,
    filled,
)
from tests.bootstrap.state_calls import state_arns

OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/{{stage}}-{PROJECT}"
DEPLOY_ROLES = f"arn:aws:iam::{ACCOUNT}:role/{PROJECT}-{{tier}}-deploy"
OWN_BOUNDARY = BOUNDARY
OWN_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/{PROJECT}-{{tier}}-deploy-function"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{stage}}-{PROJECT}"
BOUNDED: Context = {"iam:PermissionsBoundary": OWN_BOUNDARY}
ADMINISTRATOR: Context = {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}
OURS: Context = {
    "aws:RequestTag/project": PROJECT,
    "aws:RequestTag/environment": "{stage}",
}
THEIRS: Context = {
    "aws:ResourceTag/project": PROJECT,
    "aws:ResourceTag/environment": "{other}",
}
RECORDS = "route53:ChangeResourceRecordSets"


def record(name: str, kind: str) -> Request:
    context: Context = {
        f"{RECORDS}NormalizedRecordNames": [DOMAIN, name],
        f"{RECORDS}RecordTypes": [kind],
    }
    return Request(RECORDS, f"arn:aws:{ZONE}", context)


def alarm(action: str) -> Request:
    own = f"{ACCOUNT}:{{stage}}-{PROJECT}-alarms"
    context: Context = {"cloudwatch:AlarmActions": [f"arn:aws:sns:{REGION}:{own}", action]}
    name = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{{stage}}-{PROJECT}-errors"
    return Request("cloudwatch:PutMetricAlarm", name, context)


ESCALATIONS = {
    "a role without a boundary": Request("iam:CreateRole", OWN_ROLE),
    "a role with another boundary": Request(
        "iam:CreateRole",
        OWN_ROLE,
        {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    "a policy for a role without a boundary": Request("iam:PutRolePolicy", OWN_ROLE),
    "trust in a role without a boundary": Request("iam:UpdateAssumeRolePolicy", OWN_ROLE),
    "a boundary taken away": Request("iam:DeleteRolePermissionsBoundary", OWN_ROLE, BOUNDED),
    "another boundary": Request(
        "iam:PutRolePermissionsBoundary",
        OWN_ROLE,
        {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    "a managed policy": Request("iam:AttachRolePolicy", OWN_ROLE, {**BOUNDED, **ADMINISTRATOR}),
    "a policy for itself": Request("iam:PutRolePolicy", DEPLOY_ROLES, BOUNDED),
    "a managed policy for itself": Request("iam:AttachRolePolicy", DEPLOY_ROLES, ADMINISTRATOR),
    "trust in itself": Request("iam:UpdateAssumeRolePolicy", DEPLOY_ROLES, BOUNDED),
    "its own policy changed": Request("iam:CreatePolicyVersion", OWN_POLICY),
    "its policy set back": Request("iam:SetDefaultPolicyVersion", OWN_POLICY),
    "the boundary changed": Request("iam:CreatePolicyVersion", OWN_BOUNDARY),
    "the boundary deleted": Request("iam:DeletePolicy", OWN_BOUNDARY),
    "a user": Request("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/{{stage}}-{PROJECT}"),
    "a key": Request("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/owner"),
    "another identity provider": Request("iam:CreateOpenIDConnectProvider", OIDC),
    "another audience": Request("iam:AddClientIDToOpenIDConnectProvider", OIDC),
    "another role taken": Request("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
    "its role for a machine": Request(
        "iam:PassRole", OWN_ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}
    ),
    "another's role for a function": Request(
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/admin",
        {"iam:PassedToService": "lambda.amazonaws.com"},
    ),
    "its own role for a function": Request(
        "iam:PassRole", DEPLOY_ROLES, {"iam:PassedToService": "lambda.amazonaws.com"}
    ),
    "another service's own role": Request(
        "iam:CreateServiceLinkedRole",
        f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/organizations.amazonaws.com/AWSService",
        {"iam:AWSServiceName": "organizations.amazonaws.com"},
    ),
    "a function for everyone": Request("lambda:AddPermission", FUNCTION, {"lambda:Principal": "*"}),
    "a function's URL": Request("lambda:CreateFunctionUrlConfig", FUNCTION),
    "a function called": Request("lambda:InvokeFunction", FUNCTION),
    "code of another's function": Request(
        "lambda:UpdateFunctionCode", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:other"
    ),
    "its own function in another region": Request(
        "lambda:CreateFunction",
        f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{{stage}}-{PROJECT}",
    ),
    "items read": Request(
        "dynamodb:GetItem",
        f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{{stage}}-{PROJECT}-table",
    ),
    "users read": Request(
        "cognito-idp:ListUsers",
        f"arn:aws:{POOL}",
        {"aws:ResourceTag/project": PROJECT, "aws:ResourceTag/environment": "{stage}"},
    ),
    "a pool without tags": Request("cognito-idp:CreateUserPool", "*"),
    "an untagged pool deleted": Request("cognito-idp:DeleteUserPool", f"arn:aws:{POOL}"),
    "another project's pool deleted": Request(
        "cognito-idp:DeleteUserPool",
        f"arn:aws:{POOL}",
        {"aws:ResourceTag/project": "other", "aws:ResourceTag/environment": "{stage}"},
    ),
    "another stage's pool made its own": Request(
        "cognito-idp:TagResource", f"arn:aws:{POOL}", {**OURS, **THEIRS}
    ),
    "another stage's API made its own": Request(
        "apigateway:TagResource", f"arn:aws:{API}", {**OURS, **THEIRS}
    ),
    "another stage's API tagged by its ARN": Request(
        "apigateway:POST",
        f"arn:aws:apigateway:{REGION}::/tags/arn%3Aaws%3Aapigateway%3A{REGION}%3A%3A%2Fapis%2Fa1",
        OURS,
    ),
    "another stage's domain made its own": Request(
        "apigateway:TagResource",
        f"arn:aws:apigateway:{REGION}::/domainnames/{DOMAIN}",
        {**OURS, **THEIRS},
    ),
    "another stage's certificate made its own": Request(
        "acm:AddTagsToCertificate", f"arn:aws:{CERTIFICATE}", {**OURS, **THEIRS}
    ),
    "a new pool as another stage's": Request(
        "cognito-idp:CreateUserPool",
        "*",
        {"aws:RequestTag/project": PROJECT, "aws:RequestTag/environment": "{other}"},
    ),
    "a certificate for another name": Request(
        "acm:RequestCertificate", "*", {**OURS, "acm:DomainNames": [DOMAIN, SITE]}
    ),
    "a certificate without names": Request("acm:RequestCertificate", "*", OURS),
    "another record of the zone": record(SITE, "A"),
    "a record below its domain": record(f"www.{DOMAIN}", "CNAME"),
    "another kind of record": record(DOMAIN, "NS"),
    "records without names": Request(RECORDS, f"arn:aws:{ZONE}"),
    "another zone": Request(
        RECORDS,
        "arn:aws:route53:::hostedzone/Z999",
        {f"{RECORDS}NormalizedRecordNames": [DOMAIN], f"{RECORDS}RecordTypes": ["A"]},
    ),
    "another domain": Request(
        "apigateway:PATCH", f"arn:aws:apigateway:{REGION}::/domainnames/www.{SITE}"
    ),
    "alarms sent to a machine": Request(
        "sns:Subscribe",
        f"arn:aws:sns:{REGION}:{ACCOUNT}:{{stage}}-{PROJECT}-alarms",
        {"sns:Protocol": "https"},
    ),
    "an alarm that stops machines": alarm(f"arn:aws:automate:{REGION}:ec2:terminate"),
    "an alarm that runs another's function": alarm(
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:other"
    ),
    "another's alarm": Request(
        "cloudwatch:PutMetricAlarm", f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:other"
    ),
    "an old version of the state deleted": Request(
        "s3:DeleteObjectVersion", f"{{bucket}}/.pulumi/stacks/{PROJECT}/dev.json"
    ),
    "old versions no longer kept": Request("s3:PutBucketVersioning", "{bucket}"),
    "the state for others": Request("s3:PutBucketPolicy", "{bucket}"),
    "its key for others": Request("kms:PutKeyPolicy", "{key}"),
    "its key deleted": Request("kms:ScheduleKeyDeletion", "{key}"),
}
"""Placeholders: `{stage}` is a stage of the tier, `{other}` is a stage of the other tier."""


def escalations(tier: str, stage: str, other: str) -> dict[str, Request]:
    """Return the requests of a tier's role for each way, with the names filled in."""
    bucket, key = state_arns(tier)
    names = {"tier": tier, "stage": stage, "other": other, "bucket": bucket, "key": key}
    return {
        name: Request(way.action, way.resource.format(**names), filled(way.context, names))
        for name, way in ESCALATIONS.items()
    }
