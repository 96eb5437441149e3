"""The keys of a stage's resources."""

from typing import Final

from tests.real.engine.changes import Key

ALIAS: Final = Key("aws:lambda/alias:Alias", "function-live")
API: Final = Key("aws:apigatewayv2/api:Api", "api")
BUDGET: Final = Key("aws:budgets/budget:Budget", "monitoring-budget")
API_STAGE: Final = Key("aws:apigatewayv2/stage:Stage", "api")
FUNCTION: Final = Key("aws:lambda/function:Function", "function")
FUNCTION_LOGS: Final = Key("aws:cloudwatch/logGroup:LogGroup", "function")
ACCESS_LOGS: Final = Key("aws:cloudwatch/logGroup:LogGroup", "api-access")
PROVIDER: Final = Key("pulumi:providers:aws", "aws")
SESSION_KEY: Final = Key("random:index/randomPassword:RandomPassword", "session-key")
TABLE: Final = Key("aws:dynamodb/table:Table", "table")
API_MAPPING: Final = Key("aws:apigatewayv2/apiMapping:ApiMapping", "domain")
CERTIFICATE: Final = Key("aws:acm/certificate:Certificate", "domain")
CLIENT: Final = Key("aws:cognito/userPoolClient:UserPoolClient", "identity")
DOMAIN_NAME: Final = Key("aws:apigatewayv2/domainName:DomainName", "domain")
IPV4_ADDRESS: Final = Key("aws:route53/record:Record", "domain-A")
OWNER_GROUP: Final = Key("aws:cognito/userGroup:UserGroup", "identity-owner")
USER_POOL: Final = Key("aws:cognito/userPool:UserPool", "identity")
ALARM_MAIL: Final = Key("aws:sns/topicSubscription:TopicSubscription", "monitoring-alarms")
DASHBOARD: Final = Key("aws:cloudwatch/dashboard:Dashboard", "monitoring")
DURATION_ALARM: Final = Key(
    "aws:cloudwatch/metricAlarm:MetricAlarm", "monitoring-function-duration"
)
ROLE: Final = Key("aws:iam/role:Role", "function")
ROLE_POLICY: Final = Key("aws:iam/rolePolicy:RolePolicy", "function")
