"""Each resource of the bootstrap, for both tiers, in a preview and in an update."""

import json
from typing import Any

import pytest

from infra.bootstrap.program import scope_of
from infra.bootstrap.settings import BOOTSTRAP, parse_bootstrap_settings
from infra.errors import SettingsError
from infra.paths import PROJECT
from infra.settings import load_stage_settings
from src import SITE
from tests.bootstrap.bootstrap_registration import (
    FOLDER,
    BootstrapRegistration,
    register_bootstrap,
    tier_config,
)
from tests.infra.language_host import host

TIERS = {"dev": "development", "prod": "production"}
ROLE = "aws:iam/role:Role"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


@pytest.fixture(scope="module", params=[True, False], ids=["preview", "full"])
def registration(request: pytest.FixtureRequest) -> BootstrapRegistration:
    return register_bootstrap(tier_config("prod"), preview=request.param)


@pytest.fixture(scope="module")
def production() -> BootstrapRegistration:
    return register_bootstrap(tier_config("prod"), preview=False)


def deploy_role(made: BootstrapRegistration) -> dict[str, Any]:
    """Return the inputs of the deploy role."""
    (role,) = (each for each in made.of_type(ROLE) if each.name == "deploy")
    return role.inputs


def part(name: str) -> str:
    return f"aws:s3/bucket{name}:Bucket{name}"


def test_resources_with_data_are_protected(registration: BootstrapRegistration) -> None:
    protected = {each.type for each in registration.resources if each.protect}
    assert protected == {BUCKET, KEY}
    assert not registration.only(BUCKET).get("forceDestroy")
    assert registration.only(KEY)["deletionWindowInDays"] == 30


def test_githubs_provider_stays_in_the_account_after_a_tier_is_deleted(
    registration: BootstrapRegistration,
) -> None:
    assert {each.type for each in registration.resources if each.retain_on_delete} == {PROVIDER}


def test_the_key_is_rotated_and_the_bucket_encrypted_with_it(
    production: BootstrapRegistration,
) -> None:
    assert production.only(KEY)["enableKeyRotation"] is True
    (rule,) = production.only(part("ServerSideEncryptionConfiguration"))["rules"]
    (key,) = production.of_type(KEY)
    assert rule["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": f"arn:aws:service:region:123456789012:{key.name}",
    }


def test_the_settings_decide_about_the_age_of_old_versions() -> None:
    changed = register_bootstrap(tier_config("dev", stateRetentionDays="31"), preview=False)
    assert changed.only(part("Versioning"))["versioningConfiguration"] == {"status": "Enabled"}
    (rule,) = changed.only(part("LifecycleConfiguration"))["rules"]
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 31}
    assert "days" not in rule["expiration"]


def test_the_bucket_is_private_and_accepts_only_tls(production: BootstrapRegistration) -> None:
    access = production.only(part("PublicAccessBlock"))
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(access[switch] is True for switch in switches)
    owner = production.only(part("OwnershipControls"))["rule"]
    assert owner == {"objectOwnership": "BucketOwnerEnforced"}
    statements = json.loads(production.only(part("Policy"))["policy"])["Statement"]
    assert {each["Effect"] for each in statements} == {"Deny"}
    assert [each["Condition"] for each in statements] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    ]
    bucket = "arn:aws:service:region:123456789012:state"
    assert all(each["Resource"] == [bucket, f"{bucket}/*"] for each in statements)


SUBJECTS = {
    "dev": ["repo:me/api:ref:refs/heads/main", "repo:me/api:pull_request"],
    "prod": ["repo:me/api:environment:production"],
}


@pytest.mark.parametrize("stack", TIERS)
def test_only_this_repositorys_runs_for_the_tier_assume_its_role(stack: str) -> None:
    made = register_bootstrap(tier_config(stack, repository="me/api"), preview=False)
    (statement,) = json.loads(deploy_role(made)["assumeRolePolicy"])["Statement"]
    issuer = "token.actions.githubusercontent.com"
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {"Federated": "arn:aws:service:region:123456789012:github"}
    assert statement["Condition"] == {
        "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": SUBJECTS[stack]}
    }
    assert deploy_role(made)["maxSessionDuration"] == 3600
    assert made.only(PROVIDER)["url"] == f"https://{issuer}"
    assert made.only(PROVIDER)["clientIdLists"] == ["sts.amazonaws.com"]


def test_only_runs_of_the_backup_assume_the_role_that_reads_items(
    production: BootstrapRegistration,
) -> None:
    (role,) = (each for each in production.of_type(ROLE) if each.name == "backup")
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    subject = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert subject == [f"repo:{tier_config('prod')[f'{BOOTSTRAP}:repository']}:environment:backup"]
    made = register_bootstrap(tier_config("dev"), preview=False)
    assert [each.name for each in made.of_type(ROLE)] == ["deploy"]


def test_operators_assume_the_role_with_their_own_credentials() -> None:
    people = ["arn:aws:iam::111111111111:user/me", "arn:aws:iam::333333333333:role/x/AWSReserved_1"]
    changes = {"operators": json.dumps(people), "createOidcProvider": "false"}
    made = register_bootstrap(tier_config("dev", **changes), preview=False)
    runs, operators = json.loads(deploy_role(made)["assumeRolePolicy"])["Statement"]
    assert runs["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert operators == {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": people},
    }


def test_an_account_with_githubs_provider_gets_no_second_one() -> None:
    made = register_bootstrap(tier_config("dev", createOidcProvider="false"), preview=False)
    assert made.of_type(PROVIDER) == []
    (statement,) = json.loads(deploy_role(made)["assumeRolePolicy"])["Statement"]
    assert statement["Principal"]["Federated"] == (
        "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
    )


def test_the_role_has_the_policies_of_its_stages_and_its_own_state(
    production: BootstrapRegistration,
) -> None:
    policies = {
        each.inputs["name"]: json.loads(each.inputs["policy"])
        for each in production.of_type("aws:iam/policy:Policy")
    }
    areas = {"state", "function", "data", "gateway", "monitoring"}
    assert set(policies) == {
        f"{PROJECT}-production-backup",
        f"{PROJECT}-production-boundary",
        *(f"{PROJECT}-production-deploy-{area}" for area in areas),
    }
    attached = production.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert len(attached) == len(areas) + 1
    state = policies[f"{PROJECT}-production-deploy-state"]["Statement"]
    here = "arn:aws:service:region:123456789012:state"
    assert {arn for each in state for arn in each["Resource"]} == {here, f"{here}/*"}


def test_names_and_tags_differ_from_those_of_the_stages(
    registration: BootstrapRegistration,
) -> None:
    for each in registration.resources:
        name = str(each.inputs.get("name") or each.inputs.get("bucket") or "")
        assert not name.startswith(("production-", "development-", "pr-"))
        if "tags" in each.inputs:
            assert each.inputs["tags"] == {
                "project": f"{PROJECT}-bootstrap",
                "tier": "production",
                "managed-by": "pulumi",
            }


def test_all_resources_are_in_one_account_and_region(registration: BootstrapRegistration) -> None:
    provider = registration.only("pulumi:providers:aws")
    assert json.loads(provider["allowedAccountIds"]) == ["222222222222"]
    assert provider["region"] == "us-east-1"
    components = {
        each.urn for each in registration.resources if each.type.startswith(f"{PROJECT}:")
    }
    assert len(components) == 3
    assert components <= registration.finished
    for each in registration.resources:
        if each.type.startswith("aws:"):
            assert each.parent in components or each.type == PROVIDER
            assert "::aws::" in each.provider, each.urn


def test_the_outputs_are_the_values_for_github_and_the_stages(
    production: BootstrapRegistration,
) -> None:
    bucket = f"{PROJECT}-production-state-222222222222"
    assert production.outputs == {
        "backend_url": f"s3://{bucket}?region=us-east-1",
        "secrets_provider": f"awskms://alias/{bucket}?region=us-east-1",
        "deploy_role": "arn:aws:service:region:123456789012:deploy",
        "permissions_boundary": "arn:aws:service:region:123456789012:deploy-boundary",
        "backup_role": "arn:aws:service:region:123456789012:backup",
    }


@pytest.mark.parametrize("stack", TIERS)
def test_a_tier_is_in_the_account_and_region_of_its_stage(stack: str) -> None:
    settings = parse_bootstrap_settings(tier_config(stack))
    stage = load_stage_settings(stack)
    assert settings.tier_name == TIERS[stack]
    assert (settings.account,) == stage.allowed_accounts
    assert settings.region == stage.region
    assert stage.environment in settings.tier.environments
    assert {stage.domain_name} - {None} <= set(settings.domain_names)
    assert stage.permissions_boundary == scope_of(settings).boundary_arn


def test_pulumi_up_in_its_folder_runs_it() -> None:
    hosted = host(FOLDER, "prod", tier_config("prod"))
    assert hosted.error == ""
    assert hosted.exported == [
        "backend_url",
        "secrets_provider",
        "deploy_role",
        "permissions_boundary",
        "backup_role",
    ]


def test_bad_settings_are_one_message_before_any_resource_is_created() -> None:
    hosted = host(FOLDER, "prod", tier_config("prod", region="mars", acount="1"))
    first, region, unknown = hosted.error.splitlines()
    assert first == "The bootstrap's settings are wrong:"
    assert region.startswith("  region = 'mars': ")
    assert unknown.startswith("  acount is not a setting. Settings are tier, account, region, ")
    assert (hosted.registered, hosted.exported) == (0, [])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"tier": "staging"}, "tier = 'staging': .*'production' or 'development'"),
        ({"account": "12"}, r"account = '12': String should match pattern"),
        ({"repository": PROJECT}, f"repository = '{PROJECT}'"),
        ({"repository": "me/api:pull_request"}, "repository = "),
        ({"repository": f"*/{PROJECT}"}, "repository = "),
        ({"operators": '["*"]'}, r"operators.0 = '\*'"),
        ({"operators": '["arn:aws:iam::111111111111:root"]'}, "operators.0 = "),
        ({"operators": '["arn:aws:iam::111111111111:role/*"]'}, "operators.0 = "),
        ({"hostedZoneId": ""}, "hostedZoneId and domainNames go together"),
        ({"domainNames": f'["*.{SITE}"]'}, rf"domainNames.0 = '\*.{SITE}'"),
        ({"domainNames": json.dumps([f"{'a' * 61}.com"])}, "domainNames.0 = .*at most 64"),
        (
            {"domainNames": json.dumps(["a.com"] * 5)},
            "domainNames: 5 domains do not fit .*; the limit is 4",
        ),
        ({"stateRetentionDays": "1"}, "stateRetentionDays = '1': .*30"),
        ({"createOidcProvider": "maybe"}, "createOidcProvider = 'maybe'"),
    ],
)
def test_a_bad_setting_is_an_error(changes: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        parse_bootstrap_settings(tier_config("prod", **changes))


@pytest.mark.parametrize("repository", ["me/api", "me@12/api.v2@34"])
def test_a_repository_has_its_name_in_githubs_tokens(repository: str) -> None:
    config = tier_config("prod", repository=repository)
    assert parse_bootstrap_settings(config).repository == repository


def test_the_error_for_a_missing_setting_has_the_command_to_set_it() -> None:
    config = tier_config("prod")
    del config[f"{PROJECT}-bootstrap:account"]
    with pytest.raises(SettingsError, match=r"account is not set\. Set it: pulumi config set acc"):
        parse_bootstrap_settings(config)
