"""What a stage's file may not say, and the message that each of it gives."""

from functools import cache
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import yaml

from infra.errors import SettingsError
from infra.paths import PROJECT, ROOT
from infra.settings import parse_settings
from infra.settings.files import stage_config, stage_of
from infra.settings.problems import KEYS
from src import SITE

ENVIRONMENT = "must be 2 to 31 lower-case letters, digits and hyphens, beginning with a letter"
NOT_SET = "is not set: pulumi config set --path"
REGION = "must be a commercial AWS region"
ORIGIN = "must be an origin like https://example.com, without a path"
LEVEL = "must be DEBUG, INFO, WARNING or ERROR"
SECRET = (
    "is a secret, but all previews share this file, and each stack encrypts with its own key: "
    "remove it"
)
MEANT = ": did you mean"

BAD_VALUES = [
    ("dev", "environment: Prod!", f'environment = "Prod!": {ENVIRONMENT}'),
    ("dev", "environment: My_Stage", f'environment = "My_Stage": {ENVIRONMENT}{MEANT} my-stage?'),
    ("dev", "environment: 12", f"environment = 12: {ENVIRONMENT}"),
    ("dev", "environment:", "environment is not set: pulumi config set environment …"),
    ("dev", "region: us-eats-1", f'region = "us-eats-1": {REGION}{MEANT} us-east-1?'),
    ("dev", "region: us_east_1", f'region = "us_east_1": {REGION}{MEANT} us-east-1?'),
    ("dev", "region: mars", f'region = "mars": {REGION}, such as us-east-1'),
    ("dev", "region: cn-north-1", f'region = "cn-north-1": {REGION}, such as us-east-1'),
    (
        "dev",
        "allowedAccounts: []",
        f"allowedAccounts {NOT_SET} 'allowedAccounts[0]' …",
    ),
    (
        "dev",
        'allowedAccounts: ["12"]',
        'allowedAccounts[0] = "12": must be the 12 digits of an AWS account',
    ),
    (
        "dev",
        'allowedAccounts: ["1111-1111-1111"]',
        (
            'allowedAccounts[0] = "1111-1111-1111": must be the 12 digits of an AWS account'
            ": did you mean 111111111111?"
        ),
    ),
    (
        "dev",
        "allowedAccounts: [111111111111]",
        "allowedAccounts[0] = 111111111111: must be in quotes, otherwise YAML reads a number",
    ),
    (
        "dev",
        "allowedAccounts: 111111111111",
        'allowedAccounts = 111111111111: must be a list: did you mean ["111111111111"]?',
    ),
    ("dev", 'allowedAccounts: "[oops"', 'allowedAccounts = "[oops": must be a list'),
    (
        "dev",
        "corsOrigins: https://a.dev",
        'corsOrigins = "https://a.dev": must be a list: did you mean ["https://a.dev"]?',
    ),
    ("dev", "corsOrigins: {a: 1}", 'corsOrigins = {"a": 1}: must be a list'),
    (
        "dev",
        "corsOrigins: []",
        f"corsOrigins {NOT_SET} 'corsOrigins[0]' …",
    ),
    ("dev", "corsOrigins: [7]", "corsOrigins[0] = 7: must be a string, in quotes"),
    ("dev", "corsOrigins: [true]", "corsOrigins[0] = true: must be a string, in quotes"),
    (
        "dev",
        "corsOrigins: [a.dev]",
        f'corsOrigins[0] = "a.dev": {ORIGIN}{MEANT} https://a.dev?',
    ),
    (
        "dev",
        "corsOrigins: ['https://A.dev/x']",
        f'corsOrigins[0] = "https://A.dev/x": {ORIGIN}{MEANT} https://a.dev?',
    ),
    (
        "dev",
        "corsOrigins: ['https://*.a.dev']",
        f'corsOrigins[0] = "https://*.a.dev": {ORIGIN}',
    ),
    (
        "dev",
        "corsOrigins: ['https://pr-{number}.a.dev']",
        (
            'corsOrigins[0] = "https://pr-{number}.a.dev": '
            "must be exact: only a preview has a {number}"
        ),
    ),
    (
        "pr-12",
        "corsOrigins: ['https://pr-{pr}.a.dev']",
        f'corsOrigins[0] = "https://pr-{{pr}}.a.dev": {ORIGIN}',
    ),
    (
        "pr-12",
        "corsOrigins: ['https://*.{number}.a.dev']",
        f'corsOrigins[0] = "https://*.12.a.dev": {ORIGIN}',
    ),
    ("dev", "corsOrigins: ['ftp://a.dev']", f'corsOrigins[0] = "ftp://a.dev": {ORIGIN}'),
    (
        "prod",
        "corsOrigins: ['*']",
        'corsOrigins[0] = "*": must be https and exact in production',
    ),
    (
        "prod",
        "corsOrigins: ['https://a.dev', 'http://b.dev']",
        (
            'corsOrigins[1] = "http://b.dev": must be https and exact in production'
            ": did you mean https://b.dev?"
        ),
    ),
    ("dev", "logLevel: debug", f'logLevel = "debug": {LEVEL}{MEANT} DEBUG?'),
    ("dev", "logLevel: WARN", f'logLevel = "WARN": {LEVEL}{MEANT} WARNING?'),
    ("dev", "logLevel: LOUD", f'logLevel = "LOUD": {LEVEL}'),
    ("dev", "counterShards: 0", "counterShards = 0: must be at least 64"),
    ("dev", "counterShards: 100", "counterShards = 100: must be a multiple of 64"),
    ("dev", "counterShards: 576", "counterShards = 576: must be at most 512"),
    ("dev", "counterShards: many", 'counterShards = "many": must be a whole number'),
    ("dev", "logLevel: off", f'logLevel = "off": {LEVEL}'),
    (
        "dev",
        "logRetentionDays: 8",
        "logRetentionDays = 8: must be a value AWS allows: the nearest are 7 and 14",
    ),
    (
        "dev",
        "logRetentionDays: 4000",
        "logRetentionDays = 4000: must be a value AWS allows: the nearest are 3653",
    ),
    (
        "dev",
        "logRetentionDays: two weeks",
        'logRetentionDays = "two weeks": must be a whole number',
    ),
    ("dev", "logRetentionDays: true", "logRetentionDays = true: must be a whole number"),
    ("dev", "runtime: python3.11", 'runtime = "python3.11": must be python3.12'),
    (
        "dev",
        "architecture: x86-64",
        'architecture = "x86-64": must be x86_64 or arm64: did you mean x86_64?',
    ),
    ("dev", "architecture: sparc", 'architecture = "sparc": must be x86_64 or arm64'),
    ("dev", "memory: 64", "memory = 64: must be at least 128"),
    ("dev", "memory: '10241'", "memory = 10241: must be at most 10240"),
    ("dev", "memory: lots", 'memory = "lots": must be a whole number'),
    ("dev", "memory: 512MB", 'memory = "512MB": must be a whole number: did you mean 512?'),
    ("dev", 'memory: "512.0"', "memory = 512.0: must be a whole number: did you mean 512?"),
    ("dev", "memory: 512.5", "memory = 512.5: must be a whole number"),
    ("dev", "memory: true", "memory = true: must be a whole number"),
    ("dev", "memory:", 'memory = "": must be a whole number'),
    ("dev", f"memory: '{'9' * 90}'", f"memory = {'9' * 80}…: must be at most 10240"),
    ("dev", "timeout: 0", "timeout = 0: must be at least 1"),
    ("dev", "timeout: 31", "timeout = 31: must be at most 30"),
    (
        "dev",
        "reservedConcurrency: 0",
        (
            "reservedConcurrency = 0: would stop the function: "
            "must be at least 1, or -1 to reserve nothing"
        ),
    ),
    ("dev", "reservedConcurrency: 901", "reservedConcurrency = 901: must be at most 900"),
    ("dev", "reservedConcurrency: none", 'reservedConcurrency = "none": must be a whole number'),
    (
        "dev",
        "gatewayAuthorizer: on",
        'gatewayAuthorizer = "on": must be true or false: did you mean true?',
    ),
    ("dev", "throttlingRate: 0", "throttlingRate = 0: must be at least 1"),
    (
        "prod",
        "runbook: docs/runbook.md#here",
        ('runbook = "docs/runbook.md#here": must be a path, or a link without # such as https://…'),
    ),
    ("dev", "openThrottlingRate: 0", "openThrottlingRate = 0: must be at least 1"),
    ("prod", "budgetAmount: -5", "budgetAmount = -5: must be at least 1"),
    ("prod", "budgetAmount: 100001", "budgetAmount = 100001: must be at most 100000"),
    (
        "dev",
        "budgetAmount: 20",
        'budgetEmail = "": must be an e-mail address for the budget, or set alarmEmail',
    ),
    (
        "pr-12",
        "budgetAmount: 20",
        "budgetAmount = 20: must not be set in a preview: all previews share these settings",
    ),
    ("prod", "budgetEmail: me", 'budgetEmail = "me": must be an e-mail address'),
    ("dev", "throttlingRate: 10001", "throttlingRate = 10001: must be at most 10000"),
    ("dev", "throttlingBurst: -1", "throttlingBurst = -1: must be at least 1"),
    ("dev", "throttlingBurst: 5001", "throttlingBurst = 5001: must be at most 5000"),
    (
        "prod",
        f"domainName: https://api.{SITE}",
        f'domainName = "https://api.{SITE}": must be a host\'s name like api.example.com',
    ),
    (
        "prod",
        "domainName: api.another.example",
        (
            f'hostedZone = "{SITE}": does not contain domainName api.another.example'
            ": did you mean another.example?"
        ),
    ),
    (
        "prod",
        "domainName: another.example",
        (
            f'hostedZone = "{SITE}": does not contain domainName another.example'
            ": did you mean another.example?"
        ),
    ),
    (
        "prod",
        f"hostedZone: {SITE}.",
        (f'hostedZone = "{SITE}.": must be a zone\'s name like example.com: did you mean {SITE}?'),
    ),
    (
        "prod",
        "hostedZone:",
        f'hostedZone = "": must be the Route 53 zone of api.{SITE}, such as {SITE}',
    ),
    (
        "dev",
        f"hostedZone: {SITE}",
        f'hostedZone = "{SITE}": needs domainName, such as api.{SITE}',
    ),
    ("dev", "alarmEmail: patrick", 'alarmEmail = "patrick": must be an e-mail address'),
    ("dev", "alarmEmail: a b@c.dev", 'alarmEmail = "a b@c.dev": must be an e-mail address'),
    (
        "dev",
        f"permissionsBoundary: {PROJECT}-development-boundary",
        (
            f'permissionsBoundary = "{PROJECT}-development-boundary": '
            "must be the ARN of an IAM policy"
        ),
    ),
    ("dev", "snapStart: 'yes'", 'snapStart = "yes": must be true or false: did you mean true?'),
    ("dev", "dashboard: none", 'dashboard = "none": must be true or false'),
    ("dev", "tracing: off", 'tracing = "off": must be true or false: did you mean false?'),
    ("dev", "pinnedVersion: -7", "pinnedVersion = -7: must be at least 1"),
    ("dev", "pinnedVersion: $LATEST", 'pinnedVersion = "$LATEST": must be a whole number'),
    ("dev", "protect: 'yes'", 'protect = "yes": must be true or false: did you mean true?'),
    ("dev", "protect: 1", "protect = 1: must be true or false: did you mean true?"),
    ("dev", "protect: perhaps", 'protect = "perhaps": must be true or false'),
    (
        "pr-12",
        "protect: true",
        "protect = true: must be false in a preview, because a preview is deleted completely",
    ),
    ("dev", "packageEngine: docker", 'packageEngine = "docker": must be container or host'),
    (
        "dev",
        "packageImage: image@sha256:12",
        (
            'packageImage = "image@sha256:12": '
            "must be an image's name, optionally with a tag or a digest (@sha256:…)"
        ),
    ),
    (
        "dev",
        "containerCommand: docker run",
        'containerCommand = "docker run": must be the name or the path of a program',
    ),
    ("dev", "packageMaxZipped: 51", "packageMaxZipped = 51: must be at most 50"),
    ("dev", "packageMaxUnzipped: 251", "packageMaxUnzipped = 251: must be at most 250"),
    (
        "prod",
        "adoptTable: portfolio",
        (
            'adoptTable = "portfolio": must be the stage\'s own name, because AWS cannot change it'
            f": did you mean production-{PROJECT}-table?"
        ),
    ),
    ("dev", "adoptTable: a table", 'adoptTable = "a table": must be a table\'s name'),
    (
        "dev",
        "adoptUserPool: portfolio",
        'adoptUserPool = "portfolio": must be a user pool\'s id like us-east-1_AbCdEf123',
    ),
    (
        "dev",
        "adoptUserPool: eu-west-1_AbCdEf123",
        ('adoptUserPool = "eu-west-1_AbCdEf123": must be in the stage\'s region us-east-1'),
    ),
    (
        "dev",
        "adoptUserPoolClient: portfolio-web",
        'adoptUserPoolClient = "portfolio-web": must be the id of a user pool\'s client',
    ),
    (
        "dev",
        "adoptUserPoolClient: 1h57kf5cpq17m0eml1",
        'adoptUserPoolClient = "1h57kf5cpq17m0eml1": needs adoptUserPool',
    ),
    ("dev", "adoptOwnerGroup: true", "adoptOwnerGroup = true: needs adoptUserPool"),
    (
        "dev",
        "adoptLogGroup: /aws/lambda/portfolio",
        (
            'adoptLogGroup = "/aws/lambda/portfolio": must be the stage\'s own name, '
            f"because AWS cannot change it: did you mean /aws/lambda/development-{PROJECT}?"
        ),
    ),
    (
        "dev",
        "adoptAccessLogGroup: access",
        (
            'adoptAccessLogGroup = "access": must be the stage\'s own name, '
            f"because AWS cannot change it: did you mean /aws/vendedlogs/development-{PROJECT}?"
        ),
    ),
    (
        "prod",
        "adoptDomain: api.another.example",
        (f'adoptDomain = "api.another.example": must be domainName: did you mean api.{SITE}?'),
    ),
    (
        "dev",
        f"adoptDomain: api.{SITE}",
        (f'adoptDomain = "api.{SITE}": needs domainName: api.{SITE}, and its hostedZone'),
    ),
    (
        "prod",
        "adoptCertificate: 12ab",
        (
            'adoptCertificate = "12ab": must be a certificate\'s ARN like '
            "arn:aws:acm:us-east-1:111111111111:certificate/…"
        ),
    ),
    (
        "prod",
        "adoptCertificate: arn:aws:acm:eu-west-1:222222222222:certificate/12ab",
        (
            'adoptCertificate = "arn:aws:acm:eu-west-1:222222222222:certificate/12ab": '
            "must be in the stage's region us-east-1"
        ),
    ),
    (
        "dev",
        "adoptCertificate: arn:aws:acm:us-east-1:222222222222:certificate/12ab",
        (
            'adoptCertificate = "arn:aws:acm:us-east-1:222222222222:certificate/12ab": '
            "needs domainName"
        ),
    ),
    ("prod", "adoptApiMapping: ABC", 'adoptApiMapping = "ABC": must be the id of an API mapping'),
    ("prod", "adoptApiMapping: abc123", 'adoptApiMapping = "abc123": needs adoptDomain'),
]
"""Stack, the line in its file, and the message."""

BAD_STACKS = [
    (
        "prod",
        "environment: development",
        'environment = "development": must be production in the stack prod',
    ),
    (
        "dev",
        "environment: pr-12",
        'environment = "pr-12": is reserved for the stack pr-12, but this is dev',
    ),
    (
        "pr-12",
        "environment: development",
        (
            'environment = "development": '
            "must not be set in a preview: it is the stack's name, here pr-12"
        ),
    ),
    (
        "pr-12",
        "environment: pr-13",
        'environment = "pr-13": must not be set in a preview: it is the stack\'s name, here pr-12',
    ),
    (
        "preview",
        "memory: 512",
        "environment = \"\": comes from the stack's name: a preview's is pr-<number>",
    ),
    (
        "pr-12",
        f"domainName: api.{SITE}",
        (
            f'domainName = "api.{SITE}": '
            "must not be set in a preview: all previews share these settings"
        ),
    ),
    (
        "pr-12",
        "pinnedVersion: 7",
        "pinnedVersion = 7: must not be set in a preview: all previews share these settings",
    ),
    (
        "pr-12",
        "corsOrigins: ['http://localhost:5173', '*']",
        'corsOrigins[1] = "*": must be exact in a preview',
    ),
    ("pr-12", "alarmEmail: {secure: v1:abc}", f"alarmEmail {SECRET}"),
    ("pr-12", "corsOrigins: [https://a.dev, {secure: v1:abc}]", f"corsOrigins {SECRET}"),
    ("pr-12", "aws:secretKey: {secure: v1:abc}", f"aws:secretKey {SECRET}"),
    (
        "pr-12",
        f"adoptTable: pr-12-{PROJECT}-table",
        (
            f'adoptTable = "pr-12-{PROJECT}-table": '
            "must not be set in a preview, because a preview is deleted completely"
        ),
    ),
]

BAD_KEYS = [
    ("memmory: 512", "memmory is not a setting: did you mean memory?"),
    ("Memory: 512", "Memory is not a setting: did you mean memory?"),
    ("cors_origins: []", "cors_origins is not a setting: did you mean corsOrigins?"),
    ("log-level: INFO", "log-level is not a setting: did you mean logLevel?"),
    (f"{PROJECT}:domain: a.dev", "domain is not a setting: did you mean domainName?"),
    ("xyz: 1", f"xyz is not a setting; the settings are {', '.join(KEYS)}"),
    ("on: 1", f"on is not a setting; the settings are {', '.join(KEYS)}"),
    (
        f"{PROJECT}_:memory: 512",
        f"{PROJECT}_:memory is not a setting: did you mean {PROJECT}:memory?",
    ),
    (
        f"{PROJECT}s:Log_Level: INFO",
        f"{PROJECT}s:Log_Level is not a setting: did you mean {PROJECT}:logLevel?",
    ),
    (
        f"{PROJECT.title()}:xyz: 1",
        f"{PROJECT.title()}:xyz is not a setting: settings begin with {PROJECT}:",
    ),
    ("aws:region: eu-west-1", f"aws:region = eu-west-1 is not read: set {PROJECT}:region"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy(ROOT / "Pulumi.yaml", tmp_path)
    return tmp_path


@cache
def config_of(file: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / file).read_text())["config"]


def refusal(folder: Path, stack: str, *lines: str) -> list[str]:
    """What is told of a stage's own file with these lines in it."""
    name = f"Pulumi.{stage_of(stack)}.yaml"
    changed = {f"{PROJECT}:{line.partition(':')[0]}" for line in lines}
    rest = {key: value for key, value in config_of(name).items() if key not in changed}
    content = yaml.safe_dump({"config": rest}) + "".join(f"  {line}\n" for line in lines)
    (folder / name).write_text(content)
    with pytest.raises(SettingsError) as failure:
        parse_settings(stage_config(stack, folder), stack)
    header, *problems = str(failure.value).splitlines()
    assert header == f"The settings of stack {stack} are wrong:"
    return [problem.removeprefix("  ") for problem in problems]


def test_the_table_is_long_enough_and_has_every_setting() -> None:
    assert len(BAD_VALUES + BAD_STACKS + BAD_KEYS) >= 40
    assert set(KEYS) == {line.partition(":")[0] for _, line, _ in BAD_VALUES}


@pytest.mark.parametrize(("stack", "line", "message"), BAD_VALUES + BAD_STACKS)
def test_a_bad_value_is_told_with_key_value_reason_and_the_nearest_good_one(
    folder: Path, stack: str, line: str, message: str
) -> None:
    assert refusal(folder, stack, line) == [message]


@pytest.mark.parametrize(("line", "message"), BAD_KEYS)
def test_a_key_that_nothing_reads_is_told_with_the_nearest_one(
    folder: Path, line: str, message: str
) -> None:
    assert refusal(folder, "dev", line) == [message]


def test_what_has_no_default_is_asked_for_with_the_command_that_sets_it(folder: Path) -> None:
    (folder / "Pulumi.dev.yaml").touch()
    with pytest.raises(SettingsError) as failure:
        parse_settings(stage_config("dev", folder), "dev")
    assert str(failure.value).splitlines()[1:] == [
        "  environment is not set: pulumi config set environment …",
        "  corsOrigins is not set: pulumi config set --path 'corsOrigins[0]' …",
        "  allowedAccounts is not set: pulumi config set --path 'allowedAccounts[0]' …",
    ]


def test_snap_start_is_refused_where_aws_does_not_have_it(folder: Path) -> None:
    assert refusal(folder, "dev", "snapStart: true", "region: ap-southeast-6") == [
        "snapStart = true: must be false in ap-southeast-6: AWS does not offer SnapStart there"
    ]


def test_all_problems_are_told_at_once_whatever_they_are_about(folder: Path) -> None:
    lines = [
        "environment: Production",
        "corsOrigins: ['*', 'http://a.dev', 'https://a.dev', 7]",
        "logRetentionDays: 8",
        "memory: 1",
        "hostedZone: example.com",
        "protect: no",
        "memmory: 512",
        f"{PROJECT}s:memory: 512",
    ]
    told = [problem.split(" ")[0] for problem in refusal(folder, "prod", *lines)]
    assert told == [
        f"{PROJECT}s:memory",
        *("environment", "protect", "logRetentionDays", "memory"),
        *("corsOrigins[0]", "corsOrigins[1]", "corsOrigins[3]"),
        *("hostedZone", "memmory"),
    ]
