"""What a stack of AWS SAM has left on the emulator, under the names of our stage prod."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.paths import PROJECT
from src import SITE

if TYPE_CHECKING:
    from types_boto3_acm import ACMClient
    from types_boto3_apigatewayv2 import ApiGatewayV2Client
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_iam import IAMClient
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_route53 import Route53Client

NAME = f"production-{PROJECT}"
TABLE = f"{NAME}-table"
LOG_GROUP = f"/aws/lambda/{NAME}"
DOMAIN = f"api.{SITE}"
TAGS = {"project": PROJECT, "environment": "production", "managed-by": "pulumi"}


@dataclass(frozen=True)
class SamAccount:
    """An AWS account on the emulator, in which a test makes what it needs."""

    endpoint: str
    account: str

    def client(self, service: Any) -> Any:
        # Slow to import, for the tests that run alone.
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        session: Any = boto3.Session(self.account, "test", region_name="us-east-1")
        config = Config(proxies={})
        return session.client(service, endpoint_url=self.endpoint, config=config)

    def make_table(
        self,
        name: str = TABLE,
        *,
        keys: dict[str, str] | None = None,
        indexed: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        """Make a table with these keys, and attributes of its indexes, and their types."""
        keys = keys or {"PK": "S", "SK": "S"}
        declared = keys | (indexed or {})
        types: Any = [{"AttributeName": key, "AttributeType": declared[key]} for key in declared]
        dynamodb: DynamoDBClient = self.client("dynamodb")
        dynamodb.create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": key, "KeyType": kind}
                for key, kind in zip(keys, ("HASH", "RANGE"), strict=True)
            ],
            AttributeDefinitions=types,
            BillingMode="PAY_PER_REQUEST",
            **more,
        )

    def expire_by(self, attribute: str) -> None:
        """Let the table's items expire by an attribute."""
        dynamodb: DynamoDBClient = self.client("dynamodb")
        dynamodb.update_time_to_live(
            TableName=TABLE,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute},
        )

    def make_pool(self, name: str = NAME, *, group: bool = True, **more: Any) -> str:
        """Make a user pool, and the owner's group in it."""
        cognito: CognitoIdentityProviderClient = self.client("cognito-idp")
        role = {"Name": "role", "AttributeDataType": "String", "Mutable": True}
        request: Any = {
            "PoolName": name,
            "UsernameAttributes": ["email"],
            "Schema": [role],
            **more,
        }
        pool: Any = cognito.create_user_pool(**request)["UserPool"]
        if group:
            cognito.create_group(UserPoolId=pool["Id"], GroupName="owner")
        return pool["Id"]

    def make_user(self, pool: str, email: str = "ann@example.com") -> None:
        cognito: CognitoIdentityProviderClient = self.client("cognito-idp")
        cognito.admin_create_user(UserPoolId=pool, Username=email)

    def make_client(self, pool: str, *, secret: bool = False) -> str:
        """Make a client of a pool."""
        cognito: CognitoIdentityProviderClient = self.client("cognito-idp")
        answer: Any = cognito.create_user_pool_client(
            UserPoolId=pool, ClientName="web", GenerateSecret=secret
        )
        return answer["UserPoolClient"]["ClientId"]

    def make_log_group(self, name: str = LOG_GROUP, **tags: str) -> None:
        logs: CloudWatchLogsClient = self.client("logs")
        logs.create_log_group(logGroupName=name, tags=tags)

    def make_role(self, name: str = NAME) -> str:
        iam: IAMClient = self.client("iam")
        return iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]

    def make_certificate(self, domain: str = DOMAIN, method: Any = "DNS") -> str:
        acm: ACMClient = self.client("acm")
        return acm.request_certificate(DomainName=domain, ValidationMethod=method)["CertificateArn"]

    def make_domain(self, certificate: str) -> None:
        gateway: ApiGatewayV2Client = self.client("apigatewayv2")
        gateway.create_domain_name(
            DomainName=DOMAIN,
            DomainNameConfigurations=[{"CertificateArn": certificate, "EndpointType": "REGIONAL"}],
        )

    def make_edge_domain(self, certificate: str, *types: str, policy: str = "TLS_1_2") -> str:
        """Make the domain of a REST API, as SAM does, with its base path mapping to the root."""
        gateway = self.client("apigateway")
        gateway.create_domain_name(
            domainName=DOMAIN,
            certificateArn=certificate,
            endpointConfiguration={"types": types or ("EDGE",)},
            securityPolicy=policy,
        )
        api = gateway.create_rest_api(name=NAME)["id"]
        deployment = gateway.create_deployment(restApiId=api)["id"]
        gateway.create_stage(restApiId=api, stageName="production", deploymentId=deployment)
        gateway.create_base_path_mapping(domainName=DOMAIN, restApiId=api, stage="production")
        return api

    def make_domain_regional(self, certificate: str) -> None:
        """Leave the domain its regional endpoint; the emulator lacks V1's UpdateDomainName."""
        gateway: ApiGatewayV2Client = self.client("apigatewayv2")
        regional: Any = {"CertificateArn": certificate, "EndpointType": "REGIONAL"}
        gateway.update_domain_name(DomainName=DOMAIN, DomainNameConfigurations=[regional])

    def make_api(self, **tags: str) -> str:
        gateway: ApiGatewayV2Client = self.client("apigatewayv2")
        api = gateway.create_api(Name=NAME, ProtocolType="HTTP", Tags=tags)["ApiId"]
        gateway.create_stage(ApiId=api, StageName="$default")
        return api

    def map_domain(self, api: str) -> str:
        gateway: ApiGatewayV2Client = self.client("apigatewayv2")
        answer = gateway.create_api_mapping(ApiId=api, DomainName=DOMAIN, Stage="$default")
        return answer["ApiMappingId"]

    def make_zone(self, kind: Any = "A", value: str = "192.0.2.1", **more: Any) -> None:
        """Make the hosted zone, with a record of the domain in it."""
        dns: Route53Client = self.client("route53")
        reference = f"{self.account} {len(more)}"
        zone = dns.create_hosted_zone(Name=f"{SITE}.", CallerReference=reference, **more)
        record: Any = {
            "Name": f"{DOMAIN}.",
            "Type": kind,
            "TTL": 60,
            "ResourceRecords": [{"Value": value}],
        }
        changes: Any = [{"Action": "CREATE", "ResourceRecordSet": record}]
        dns.change_resource_record_sets(
            HostedZoneId=zone["HostedZone"]["Id"], ChangeBatch={"Changes": changes}
        )
