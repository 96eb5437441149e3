"""Readable names for any types, known or new."""

import pytest

from infra.paths import PROJECT
from portfolio.diagram.words import name_component, name_kind, name_resource, name_service


@pytest.mark.parametrize(
    ("token", "service", "kind"),
    [
        ("aws:dynamodb/table:Table", "DynamoDB", "table"),
        ("aws:cognito/userPoolClient:UserPoolClient", "Cognito", "user pool client"),
        ("aws:apigatewayv2/apiMapping:ApiMapping", "API Gateway", "API mapping"),
        ("aws:sqs/queue:Queue", "SQS", "queue"),
        ("aws:s3/bucketV2:BucketV2", "S3", "bucket v2"),
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "EC2", "VPC endpoint"),
        ("aws:kinesis/stream:Stream", "Kinesis", "stream"),
        ("random:index/randomPassword:RandomPassword", "Random", "password"),
        ("command:local:Command", "Local", "command"),
    ],
)
def test_a_type_token_names_a_service_and_a_kind(token: str, service: str, kind: str) -> None:
    assert (name_service(token), name_kind(token)) == (service, kind)


@pytest.mark.parametrize(
    ("token", "title"),
    [
        (f"{PROJECT}:components:Table", "Table"),
        (f"{PROJECT}:components:HttpApi", "HTTP API"),
        (f"{PROJECT}:components:ImageStore", "Image store"),
    ],
)
def test_a_component_is_named_after_its_class(token: str, title: str) -> None:
    assert name_component(token) == title


def test_a_resource_is_named_after_its_name() -> None:
    assert name_resource("session-key") == "Session key"
