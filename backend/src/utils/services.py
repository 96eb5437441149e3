"""AWS clients and token verifier of the app, made on first use.

boto3 and python-jose take most of a second to import. Health checks need neither, and public reads
do not need python-jose, so both are imported on first use.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from botocore.config import Config
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient

    from src.config import Settings
    from src.utils.tokens import TokenVerifier

_CONNECT_TIMEOUT: Final = 1
_READ_TIMEOUT: Final = 3
_ATTEMPTS: Final = 4
"""Attempts of a call: 4 times 1 + 3 seconds, and at most 7 seconds of pauses; the limit is 30."""


class Services:
    """The AWS clients and the token verifier of one app."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """The low-level DynamoDB client, with the function's role."""
        import boto3  # noqa: PLC0415 - see above

        return boto3.client(
            "dynamodb",
            region_name=self._settings.aws_region,
            endpoint_url=self._settings.aws_endpoint_url,
            config=_client_config(),
        )

    @cached_property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """The Cognito client; unsigned, because calls on behalf of users need no permission."""
        import boto3  # noqa: PLC0415 - see above
        from botocore import UNSIGNED  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        return boto3.client(
            "cognito-idp",
            region_name=self._settings.aws_region,
            endpoint_url=self._settings.aws_endpoint_url,
            config=_client_config().merge(Config(signature_version=UNSIGNED)),
        )

    @cached_property
    def token_verifier(self) -> "TokenVerifier":
        """The verifier of bearer tokens, with its cache of signing keys."""
        from src.utils.tokens import TokenVerifier  # noqa: PLC0415 - see above

        return TokenVerifier.for_pool(self._settings)


def _client_config() -> "Config":
    from botocore.config import Config  # noqa: PLC0415 - see above

    return Config(
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        tcp_keepalive=True,
    )
