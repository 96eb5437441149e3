"""The deploy role's policy for the state of its own tier."""

from typing import Any


def state_policy(bucket_arn: str, key_arn: str) -> dict[str, Any]:
    """Return the policy for one bucket and its encryption key.

    The role cannot delete old versions, so each change of the state can be undone.
    """
    statements: list[dict[str, Any]] = [
        {
            "Sid": "StateList",
            "Action": ["s3:ListBucket"],
            "Resource": [bucket_arn],
        },
        {
            "Sid": "State",
            "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": [f"{bucket_arn}/*"],
        },
        {
            "Sid": "StateKey",
            "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            "Resource": [key_arn],
        },
    ]
    return {
        "Version": "2012-10-17",
        "Statement": [{**statement, "Effect": "Allow"} for statement in statements],
    }
