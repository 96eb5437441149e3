"""AWS clients that can reach nothing but the emulator."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from infra.errors import LocalStageError
from infra.local.emulator import ACCESS_KEY, ACCOUNT_ID

if TYPE_CHECKING:
    from types_boto3_apigatewayv2 import ApiGatewayV2Client
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_iam import IAMClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_logs import CloudWatchLogsClient


@dataclass(frozen=True)
class EmulatorClients:
    """One client for each service that the program provisions."""

    region: str
    api_gateway: "ApiGatewayV2Client"
    cognito: "CognitoIdentityProviderClient"
    dynamodb: "DynamoDBClient"
    functions: "LambdaClient"
    iam: "IAMClient"
    logs: "CloudWatchLogsClient"


def connect(endpoint: str, region: str, account: str = ACCOUNT_ID) -> EmulatorClients:
    """Make the clients, with the emulator's credentials and an explicit endpoint.

    Raises:
        LocalStageError: if what answers there is not the emulator.
    """
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=region)
    config = Config(proxies={}, retries={"total_max_attempts": 1})
    identity = session.client("sts", endpoint_url=endpoint, config=config).get_caller_identity()
    if identity["Account"] != account:
        raise LocalStageError(
            f"{endpoint} belongs to account {identity['Account']}, not to the emulator's {account}."
        )
    return EmulatorClients(
        region,
        session.client("apigatewayv2", endpoint_url=endpoint, config=config),
        session.client("cognito-idp", endpoint_url=endpoint, config=config),
        session.client("dynamodb", endpoint_url=endpoint, config=config),
        session.client("lambda", endpoint_url=endpoint, config=config),
        session.client("iam", endpoint_url=endpoint, config=config),
        session.client("logs", endpoint_url=endpoint, config=config),
    )
