"""AWS clients for the emulator only."""

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from infra.errors import LocalStageError
from portfolio.local.emulator import ACCESS_KEY, ACCOUNT_ID
from portfolio.local.emulator_session import EMULATOR_CONFIG, open_emulator_session

if TYPE_CHECKING:
    import boto3
    from types_boto3_acm import ACMClient
    from types_boto3_apigatewayv2 import ApiGatewayV2Client
    from types_boto3_budgets import BudgetsClient
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_iam import IAMClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_route53 import Route53Client
    from types_boto3_sns import SNSClient
    from types_boto3_sts import STSClient


@dataclass(frozen=True)
class EmulatorClients:
    """One client for each service of the program, created when it is first needed."""

    endpoint: str = field(repr=False)
    region: str
    _session: "boto3.Session"
    _made: dict[str, Any] = field(default_factory=dict[str, Any])
    _making: Lock = field(default_factory=Lock)

    @property
    def acm(self) -> "ACMClient":
        """Certificates."""
        return self._client("acm")

    @property
    def api_gateway(self) -> "ApiGatewayV2Client":
        """HTTP APIs and their domains."""
        return self._client("apigatewayv2")

    @property
    def budgets(self) -> "BudgetsClient":
        """Budgets of the account."""
        return self._client("budgets")

    @property
    def cloudwatch(self) -> "CloudWatchClient":
        """Alarms and dashboards."""
        return self._client("cloudwatch")

    @property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """User pools."""
        return self._client("cognito-idp")

    @property
    def dynamodb(self) -> "DynamoDBClient":
        """Tables."""
        return self._client("dynamodb")

    @property
    def functions(self) -> "LambdaClient":
        """Lambda."""
        return self._client("lambda")

    @property
    def iam(self) -> "IAMClient":
        """Roles."""
        return self._client("iam")

    @property
    def logs(self) -> "CloudWatchLogsClient":
        """Log groups."""
        return self._client("logs")

    @property
    def route53(self) -> "Route53Client":
        """Hosted zones and their records."""
        return self._client("route53")

    @property
    def sns(self) -> "SNSClient":
        """Topics."""
        return self._client("sns")

    @property
    def sts(self) -> "STSClient":
        """The account's identity."""
        return self._client("sts")

    def _client(self, service: str) -> Any:  # noqa: ANN401 - each property has its type
        # One at a time: boto3's sessions are not thread-safe, and Pulumi uses several threads.
        with self._making:
            if service not in self._made:
                session: Any = self._session
                self._made[service] = session.client(
                    service, endpoint_url=self.endpoint, config=EMULATOR_CONFIG
                )
            return self._made[service]


def connect(endpoint: str, region: str, account: str = ACCOUNT_ID) -> EmulatorClients:
    """Return clients with the emulator's credentials and an explicit endpoint.

    Raises:
        LocalStageError: if the endpoint belongs to another account.
    """
    clients = EmulatorClients(endpoint, region, open_emulator_session(ACCESS_KEY, region))
    identity = clients.sts.get_caller_identity()
    if identity["Account"] != account:
        raise LocalStageError(
            f"{endpoint} belongs to account {identity['Account']}, not to the emulator's {account}."
        )
    return clients
