"""Grants for functions, their log groups, and their roles within the boundary."""

from typing import Final

from infra.bootstrap.permissions.grant import Grant, Limit, Scope

FUNCTION_GRANTS: Final = (
    Grant(
        sid="Functions",
        actions=(
            "lambda:CreateAlias",
            "lambda:CreateFunction",
            "lambda:DeleteAlias",
            "lambda:DeleteFunction",
            "lambda:DeleteFunctionConcurrency",
            "lambda:GetAlias",
            "lambda:GetFunction",
            "lambda:GetFunctionCodeSigningConfig",
            "lambda:GetFunctionConfiguration",
            "lambda:GetPolicy",
            "lambda:ListVersionsByFunction",
            "lambda:PublishVersion",
            "lambda:PutFunctionConcurrency",
            "lambda:RemovePermission",
            "lambda:TagResource",
            "lambda:UntagResource",
            "lambda:UpdateAlias",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
        ),
        resources=("lambda:{region}:{account}:function:{name}",),
        limit=Limit.NAME,
    ),
    Grant(
        sid="FunctionCallers",
        actions=("lambda:AddPermission",),
        resources=("lambda:{region}:{account}:function:{name}",),
        limit=Limit.NAME,
        # Other principals would open a second way to call the function.
        conditions={"StringEquals": {"lambda:Principal": "apigateway.amazonaws.com"}},
    ),
    Grant(
        sid="LogGroups",
        actions=(
            "logs:CreateLogGroup",
            "logs:DeleteRetentionPolicy",
            "logs:ListTagsForResource",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
        ),
        deletes_data=("logs:DeleteLogGroup",),
        resources=(
            "logs:{region}:{account}:log-group:/aws/lambda/{name}",
            "logs:{region}:{account}:log-group:/aws/vendedlogs/{name}",
        ),
        limit=Limit.NAME,
    ),
)


_ROLES: Final = ("iam::{account}:role/{name}",)

_ROLE_READS: Final = Grant(
    sid="Roles",
    actions=(
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:TagRole",
        "iam:UntagRole",
    ),
    resources=_ROLES,
    limit=Limit.NAME,
)
_ROLE_USE: Final = Grant(
    sid="RolesForLambda",
    actions=("iam:PassRole",),
    resources=_ROLES,
    limit=Limit.NAME,
    conditions={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
)


def role_grants(scope: Scope) -> tuple[Grant, ...]:
    """Return the grants for the functions' roles; each role must have the boundary."""
    return _ROLE_READS, _bounded_role_changes(scope.boundary_arn), _ROLE_USE


def _bounded_role_changes(boundary_arn: str) -> Grant:
    return Grant(
        sid="BoundedRoles",
        actions=(
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRoleDescription",
        ),
        resources=_ROLES,
        limit=Limit.NAME,
        conditions={"StringEquals": {"iam:PermissionsBoundary": boundary_arn}},
    )
