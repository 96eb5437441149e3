"""Grants for tables and user pools, but not for their users, and only reads of their items."""

from typing import Final

from infra.bootstrap.permissions.grant import Grant, Limit

DATA_GRANTS: Final = (
    Grant(
        sid="Tables",
        actions=(
            "dynamodb:CreateTable",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:ListTagsOfResource",
            "dynamodb:TagResource",
            "dynamodb:UntagResource",
            "dynamodb:UpdateContinuousBackups",
            "dynamodb:UpdateTable",
            "dynamodb:UpdateTimeToLive",
        ),
        deletes_data=("dynamodb:DeleteTable",),
        resources=("dynamodb:{region}:{account}:table/{name}",),
        limit=Limit.NAME,
    ),
    Grant(
        sid="NewUserPools",
        # A new pool has no id yet, so the resource cannot be named.
        actions=("cognito-idp:CreateUserPool",),
        resources=("*",),
        limit=Limit.NEW_TAGS,
    ),
    Grant(
        sid="UserPools",
        # No action here reads, creates or changes users.
        actions=(
            "cognito-idp:AddCustomAttributes",
            "cognito-idp:CreateGroup",
            "cognito-idp:CreateUserPoolClient",
            "cognito-idp:DeleteGroup",
            "cognito-idp:DeleteUserPoolClient",
            "cognito-idp:DescribeUserPool",
            "cognito-idp:DescribeUserPoolClient",
            "cognito-idp:GetGroup",
            "cognito-idp:GetUserPoolMfaConfig",
            "cognito-idp:SetUserPoolMfaConfig",
            "cognito-idp:UntagResource",
            "cognito-idp:UpdateGroup",
            "cognito-idp:UpdateUserPool",
            "cognito-idp:UpdateUserPoolClient",
        ),
        deletes_data=("cognito-idp:DeleteUserPool",),
        resources=("cognito-idp:{region}:{account}:userpool/*",),
        limit=Limit.TAGS,
    ),
    Grant(
        sid="UserPoolTags",
        actions=("cognito-idp:TagResource",),
        resources=("cognito-idp:{region}:{account}:userpool/*",),
        limit=Limit.TAGGING,
    ),
)

BACKUP_GRANTS: Final = (
    Grant(
        sid="Items",
        actions=("dynamodb:BatchGetItem", "dynamodb:Query"),
        resources=("dynamodb:{region}:{account}:table/{name}",),
        limit=Limit.NAME,
    ),
)
"""Grants of the role for backups: the reads of `portfolio content export`."""
