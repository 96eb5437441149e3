"""What holds data: tables and user pools, but neither items nor users."""

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
        # AWS knows no pool here yet, whose id is made up.
        actions=("cognito-idp:CreateUserPool",),
        resources=("*",),
        limit=Limit.NEW_TAGS,
    ),
    Grant(
        sid="UserPools",
        # None that reads, makes or changes a user.
        actions=(
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
