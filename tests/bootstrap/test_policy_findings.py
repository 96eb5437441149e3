"""`python -m tests.bootstrap.policy_findings` finds what it looks for."""

import pytest

from tests.bootstrap.policy_findings import ACCEPTED, findings


@pytest.mark.parametrize(
    ("action", "resource", "found"),
    [
        ("iam:AttachRolePolicy", "arn:aws:iam::222222222222:role/x", "AttachRolePolicy"),
        ("s3:GetObject", "*", "s3:GetObject"),
        ("s3:PutBucketPolicy", "*", "s3:PutBucketPolicy"),
        ("dynamodb:DeleteTable", "*", "dynamodb:DeleteTable"),
        ("sns:*", "arn:aws:sns:us-east-1:222222222222:x", "sns:*"),
    ],
)
def test_a_dangerous_statement_is_a_finding(action: str, resource: str, found: str) -> None:
    statement = {"Effect": "Allow", "Action": [action], "Resource": [resource]}
    assert (
        found in {*findings({"Version": "2012-10-17", "Statement": [statement]})} - ACCEPTED.keys()
    )
