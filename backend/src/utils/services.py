"""AWS clients and token verifier of the app, made on first use.

Almost every cold start needs DynamoDB, so boto3 is imported at the start. Only calls that need a
token use python-jose, so it is imported on first use.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Final

import boto3
from botocore import UNSIGNED
from botocore.config import Config

from src.utils.aws_calls import ATTEMPTS, limit_calls

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient

    from src.config import Settings
    from src.utils.tokens import TokenVerifier

_CONFIG: Final = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    tcp_keepalive=True,
)


class Services:
    """The AWS clients and the token verifier of one app."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """The low-level DynamoDB client, with the function's role."""
        client = boto3.client(
            "dynamodb",
            region_name=self._settings.aws_region,
            endpoint_url=self._settings.aws_endpoint_url,
            config=_CONFIG,
        )
        limit_calls(client.meta.events)
        return client

    @cached_property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """The Cognito client; unsigned, because calls on behalf of users need no permission."""
        client = boto3.client(
            "cognito-idp",
            region_name=self._settings.aws_region,
            endpoint_url=self._settings.aws_endpoint_url,
            config=_CONFIG.merge(Config(signature_version=UNSIGNED)),
        )
        limit_calls(client.meta.events)
        return client

    @cached_property
    def token_verifier(self) -> "TokenVerifier":
        """The verifier of bearer tokens, with its cache of signing keys."""
        from src.utils.tokens import TokenVerifier  # noqa: PLC0415 - see above

        return TokenVerifier.for_pool(self._settings)
