"""The state that a deploy role reads and writes: all of its tier's, and no other."""

from typing import Any


def state_policy(bucket_arn: str, key_arn: str) -> dict[str, Any]:
    """The policy for one bucket and the key that encrypts it.

    Old versions cannot be deleted with it: what a run does to the state can be undone.
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
