"""The bootstrap on the emulator: it enforces trust and policies on real AWS calls."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, override

import boto3
import pulumi
import pytest
from botocore.exceptions import ClientError

from infra.bootstrap.deploy_role import AUDIENCE, GITHUB
from infra.bootstrap.program import deploy as register_bootstrap
from infra.bootstrap.settings import BOOTSTRAP, parse_bootstrap_settings
from infra.errors import LocalStageError
from infra.package import Package
from infra.paths import PROJECT
from infra.program import register_resources
from infra.settings import StageSettings, parse_settings
from infra.settings.files import stage_config
from portfolio.content.export import StageReader, export_content
from portfolio.engine.in_process import Engine, run_in_process
from portfolio.local.clients import EmulatorClients, connect
from portfolio.local.deploy import deploy
from portfolio.local.emulator import ACCESS_KEY, ACCOUNT_ID, Emulator, run_emulator
from portfolio.local.provider import EmulatorProvider
from src.repositories.table import Table
from tests.backend.dynamodb_tables import create_table
from tests.bootstrap.bootstrap_registration import tier_config
from tests.bootstrap.emulator_makers import bootstrap_makers

REGION = "us-east-1"
REPOSITORY = tier_config("prod")[f"{BOOTSTRAP}:repository"]
OPERATOR = f"arn:aws:iam::{ACCOUNT_ID}:user/operator"


@dataclass(frozen=True)
class Bootstrapped:
    """An emulator with both tiers in one account."""

    emulator: Emulator
    admin: boto3.Session
    outputs: dict[str, dict[str, str]]
    """The stacks' outputs, by tier."""

    def client(self, service: str, session: boto3.Session | None = None) -> Any:
        chosen: Any = session or self.admin
        return chosen.client(service, endpoint_url=self.emulator.endpoint)

    def bucket(self, tier: str) -> str:
        return self.outputs[tier]["backend_url"].removeprefix("s3://").partition("?")[0]

    def run_as(
        self, tier: str, subject: str, audience: str = AUDIENCE, role: str = "deploy_role"
    ) -> boto3.Session:
        """Return the session of a workflow run with this subject in its token."""
        claims = {"iss": f"https://{GITHUB}", "sub": subject, "aud": audience}
        parts = ({"alg": "RS256"}, claims, "signature")
        encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts)
        credentials = self.client("sts").assume_role_with_web_identity(
            RoleArn=self.outputs[tier][role],
            RoleSessionName="run",
            WebIdentityToken=b".".join(part.rstrip(b"=") for part in encoded).decode(),
        )["Credentials"]
        return boto3.Session(
            credentials["AccessKeyId"],
            credentials["SecretAccessKey"],
            credentials["SessionToken"],
            REGION,
        )


@pytest.fixture(scope="module")
def bootstrapped(aws_models: None) -> Iterator[Bootstrapped]:  # noqa: ARG001 - for all sessions
    with run_emulator() as emulator:
        admin = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
        clients = connect(emulator.endpoint, REGION)
        makers = bootstrap_makers(admin, emulator.endpoint)
        outputs = {
            # A provider knows the resources of one stack.
            tier: make(tier, EmulatorProvider(clients, makers))
            for tier in ("development", "production")
        }
        yield Bootstrapped(emulator, admin, outputs)


def make(tier: str, provider: EmulatorProvider) -> dict[str, str]:
    first = json.dumps(tier == "development")
    config = tier_config(
        "dev",
        tier=tier,
        account=ACCOUNT_ID,
        createOidcProvider=first,
        operators=json.dumps([OPERATOR]),
    )
    outputs: dict[str, str] = {}

    async def program() -> None:
        made = register_bootstrap(parse_bootstrap_settings(config))
        outputs.update(await pulumi.Output.all(**made).future() or {})

    run_in_process(program, Engine(provider), stage=tier, config=config)
    return outputs


def test_the_state_is_encrypted_with_its_own_key_and_versioned(bootstrapped: Bootstrapped) -> None:
    s3, kms = bootstrapped.client("s3"), bootstrapped.client("kms")
    bucket = bootstrapped.bucket("production")
    alias = bootstrapped.outputs["production"]["secrets_provider"].removeprefix("awskms://")
    key = kms.describe_key(KeyId=alias.partition("?")[0])["KeyMetadata"]
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    s3.put_object(Bucket=bucket, Key="state", Body=b"first")
    stored = s3.put_object(Bucket=bucket, Key="state", Body=b"second")
    assert stored["ServerSideEncryption"] == "aws:kms"
    assert stored["SSEKMSKeyId"] in {key["Arn"], key["KeyId"]}
    versions = s3.list_object_versions(Bucket=bucket, Prefix="state")["Versions"]
    assert len(versions) == 2


TRUSTED = [
    ("production", "environment:production"),
    ("development", "ref:refs/heads/main"),
    ("development", "pull_request"),
]
NOT_TRUSTED = [
    ("production", f"repo:{REPOSITORY}:ref:refs/heads/main"),
    ("production", f"repo:{REPOSITORY}:pull_request"),
    ("production", f"repo:{REPOSITORY}:environment:production-2"),
    ("production", f"repo:somebody/{PROJECT}:environment:production"),
    ("development", f"repo:{REPOSITORY}:environment:production"),
    ("development", f"repo:{REPOSITORY}:ref:refs/heads/feature"),
    ("development", f"repo:{REPOSITORY}-fork:pull_request"),
    ("development", f"repo:somebody/{PROJECT}:pull_request"),
]


@pytest.mark.parametrize(("tier", "subject"), TRUSTED)
def test_a_deploying_run_may_assume_its_role(
    bootstrapped: Bootstrapped, tier: str, subject: str
) -> None:
    session = bootstrapped.run_as(tier, f"repo:{REPOSITORY}:{subject}")
    identity = bootstrapped.client("sts", session).get_caller_identity()
    assert f"{PROJECT}-{tier}-deploy" in identity["Arn"]


@pytest.mark.parametrize(("tier", "subject"), NOT_TRUSTED)
def test_other_runs_may_not(bootstrapped: Bootstrapped, tier: str, subject: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        bootstrapped.run_as(tier, subject)


def test_a_token_for_another_audience_is_refused(bootstrapped: Bootstrapped) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        bootstrapped.run_as("development", f"repo:{REPOSITORY}:pull_request", "https://other")


def user(bootstrapped: Bootstrapped, name: str) -> boto3.Session:
    """Return the session of a user with permission to assume each role."""
    iam = bootstrapped.client("iam")
    iam.create_user(UserName=name)
    anything = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [anything]})
    iam.put_user_policy(UserName=name, PolicyName="any-role", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)


def test_only_operators_among_people_may_assume_a_role(bootstrapped: Bootstrapped) -> None:
    role = bootstrapped.outputs["development"]["deploy_role"]
    operator, other = (
        bootstrapped.client("sts", user(bootstrapped, name)) for name in ("operator", "somebody")
    )
    assert operator.assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    with pytest.raises(ClientError, match="AccessDenied"):
        other.assume_role(RoleArn=role, RoleSessionName="me")


@pytest.fixture
def development(bootstrapped: Bootstrapped) -> boto3.Session:
    return bootstrapped.run_as("development", f"repo:{REPOSITORY}:pull_request")


@pytest.fixture
def production_table(bootstrapped: Bootstrapped) -> Iterator[str]:
    dynamodb, name = bootstrapped.client("dynamodb"), f"production-{PROJECT}-table"
    create_table(dynamodb, name)
    yield name
    dynamodb.delete_table(TableName=name)


def test_the_backup_reads_the_items_of_production_and_nothing_else(
    bootstrapped: Bootstrapped, production_table: str
) -> None:
    session = bootstrapped.run_as(
        "production", f"repo:{REPOSITORY}:environment:backup", role="backup_role"
    )
    dynamodb = bootstrapped.client("dynamodb", session)
    file = io.BytesIO()
    stage = StageReader.of(Table(dynamodb, production_table))
    assert export_content(stage, file, lambda: None) == 0
    assert file.getvalue().endswith(b'{"lines":2,"record":"end"}\n')
    key = {"PK": {"S": "post#1"}, "SK": {"S": "item"}}
    assert bootstrapped.client("dynamodb").put_item(TableName=production_table, Item=key)
    for refused in (
        lambda: dynamodb.put_item(TableName=production_table, Item=key),
        lambda: dynamodb.delete_item(TableName=production_table, Key=key),
        lambda: dynamodb.delete_table(TableName=production_table),
        lambda: bootstrapped.client("s3", session).list_objects_v2(
            Bucket=bootstrapped.bucket("production")
        ),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            refused()


@pytest.mark.parametrize("subject", ["environment:production", "ref:refs/heads/main"])
def test_only_runs_of_the_backup_read_items(bootstrapped: Bootstrapped, subject: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        bootstrapped.run_as("production", f"repo:{REPOSITORY}:{subject}", role="backup_role")


def test_the_state_is_refused_without_tls(
    bootstrapped: Bootstrapped, development: boto3.Session
) -> None:
    with pytest.raises(ClientError, match="explicit deny"):
        bootstrapped.client("s3", development).list_objects_v2(
            Bucket=bootstrapped.bucket("development")
        )


def test_a_role_works_only_on_the_state_of_its_tier(
    bootstrapped: Bootstrapped, development: boto3.Session
) -> None:
    admin, s3 = bootstrapped.client("s3"), bootstrapped.client("s3", development)
    for tier in ("development", "production"):
        # The emulator has no TLS.
        admin.delete_bucket_policy(Bucket=bootstrapped.bucket(tier))
    own, other = bootstrapped.bucket("development"), bootstrapped.bucket("production")
    s3.put_object(Bucket=own, Key=".pulumi/stacks/dev.json", Body=b"{}")
    version = s3.get_object(Bucket=own, Key=".pulumi/stacks/dev.json")["VersionId"]
    s3.delete_object(Bucket=own, Key=".pulumi/stacks/dev.json")
    admin.put_object(Bucket=other, Key="prod.json", Body=b"{}")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(Bucket=own, Key=".pulumi/stacks/dev.json", VersionId=version)
    for refused in (s3.get_object, s3.delete_object):
        with pytest.raises(ClientError, match="AccessDenied"):
            refused(Bucket=other, Key="prod.json")


def clients_of(bootstrapped: Bootstrapped, session: boto3.Session) -> EmulatorClients:
    """Return clients: the role's own for the services with policy checks in the emulator.

    The emulator does not check boundaries, names of new functions, or tags of new user pools and
    APIs. For those, the tests use the evaluator only.
    """
    tables, log_groups = (bootstrapped.client(name, session) for name in ("dynamodb", "logs"))

    class RoleClients(EmulatorClients):
        @property
        @override
        def dynamodb(self) -> Any:
            return tables

        @property
        @override
        def logs(self) -> Any:
            return log_groups

    return RoleClients(bootstrapped.emulator.endpoint, REGION, bootstrapped.admin)


@pytest.fixture
def package(tmp_path: Path) -> Package:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("src/main.py", "def handler(event, context): ...\n")
    path = tmp_path / "function.zip"
    path.write_bytes(content.getvalue())
    return Package(path, "ab" * 32, 1, path, "cd" * 32, {})


def bring_up(
    clients: EmulatorClients, package: Package, stack: str, **changes: str
) -> StageSettings:
    own = {f"{PROJECT}:{key}": value for key, value in changes.items()}
    settings = parse_settings(stage_config(stack) | own, stack)
    deploy(lambda: register_resources(settings, package), clients, stack)
    return settings


def test_a_role_deploys_its_stages(
    bootstrapped: Bootstrapped, development: boto3.Session, package: Package
) -> None:
    boundary = bootstrapped.outputs["development"]["permissions_boundary"]
    clients = clients_of(bootstrapped, development)
    name = bring_up(clients, package, "pr-12", permissionsBoundary=boundary).name
    functions = bootstrapped.client("lambda", development)
    changed = functions.update_function_configuration(FunctionName=name, MemorySize=256)
    assert changed["MemorySize"] == 256
    with pytest.raises(ClientError, match="not authorized"):
        functions.update_function_configuration(FunctionName=f"production-{PROJECT}")


def test_a_role_creates_nothing_for_another_stage(
    bootstrapped: Bootstrapped, development: boto3.Session, package: Package
) -> None:
    own = {"domainName": "", "hostedZone": ""}  # the emulator has no zone
    with pytest.raises(LocalStageError, match="not authorized to perform"):
        bring_up(clients_of(bootstrapped, development), package, "prod", **own)
    tables = bootstrapped.client("dynamodb").list_tables()["TableNames"]
    groups = bootstrapped.client("logs").describe_log_groups()["logGroups"]
    functions = bootstrapped.client("lambda").list_functions()["Functions"]
    made = [
        *tables,
        *(group["logGroupName"] for group in groups),
        *(function["FunctionName"] for function in functions),
    ]
    assert [name for name in made if "production" in name] == []


def test_a_role_cannot_gain_more_power(
    bootstrapped: Bootstrapped, development: boto3.Session
) -> None:
    iam = bootstrapped.client("iam", development)
    name = bootstrapped.outputs["development"]["deploy_role"].rpartition("/")[2]
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    with pytest.raises(ClientError, match="AccessDenied"):
        iam.attach_role_policy(RoleName=name, PolicyArn=administrator)
    with pytest.raises(ClientError, match="AccessDenied"):
        iam.create_role(RoleName=f"development-{PROJECT}-2", AssumeRolePolicyDocument="{}")
    with suppress(ClientError):
        iam.delete_role(RoleName=name)
    assert bootstrapped.client("iam").get_role(RoleName=name)
