"""Functions, their log groups, and roles that can do no more than the boundary allows."""

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
        # A function that anyone may call would be a door of its own.
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


def role_grants(scope: Scope) -> tuple[Grant, ...]:
    """Roles for functions, none of which can do more than the boundary allows."""
    roles = ("iam::{account}:role/{name}",)
    return (
        Grant(
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
            resources=roles,
            limit=Limit.NAME,
        ),
        Grant(
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
            resources=roles,
            limit=Limit.NAME,
            conditions={"StringEquals": {"iam:PermissionsBoundary": scope.boundary_arn}},
        ),
        Grant(
            sid="RolesForLambda",
            actions=("iam:PassRole",),
            resources=roles,
            limit=Limit.NAME,
            conditions={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        ),
    )
