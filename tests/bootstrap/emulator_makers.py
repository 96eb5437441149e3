"""Create the bootstrap's resource types on the emulator with real AWS calls."""

import json
from typing import Any

import boto3

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources import Created, Inputs, Maker
from portfolio.local.resources.base import key_values, pascal


def bootstrap_makers(session: boto3.Session, endpoint: str) -> dict[str, Maker]:
    """Return the makers by Pulumi's type token.

    Args:
        session: a session of an administrator.
        endpoint: the emulator's URL.
    """
    clients: Any = session
    iam, kms, s3 = (clients.client(name, endpoint_url=endpoint) for name in ("iam", "kms", "s3"))
    return {**_iam(iam), **_kms(kms), **_s3(s3)}


def _iam(iam: Any) -> dict[str, Maker]:
    def make_provider(_: EmulatorClients, inputs: Inputs) -> Created:
        arn = iam.create_open_id_connect_provider(
            Url=inputs.take("url"),
            ClientIDList=inputs.take("clientIdLists"),
            Tags=key_values(inputs.take("tags")),
        )["OpenIDConnectProviderArn"]
        return Created(arn, {"arn": arn})

    def make_policy(_: EmulatorClients, inputs: Inputs) -> Created:
        policy = iam.create_policy(
            PolicyName=inputs.take("name"),
            PolicyDocument=inputs.take("policy"),
            Tags=key_values(inputs.take("tags")),
        )["Policy"]
        return Created(policy["Arn"], {"arn": policy["Arn"]})

    def make_role(_: EmulatorClients, inputs: Inputs) -> Created:
        role = iam.create_role(
            RoleName=inputs.take("name"),
            AssumeRolePolicyDocument=inputs.take("assumeRolePolicy"),
            Description=inputs.take("description"),
            MaxSessionDuration=inputs.take("maxSessionDuration"),
            Tags=key_values(inputs.take("tags")),
        )["Role"]
        return Created(role["RoleName"], {"arn": role["Arn"]})

    def attach(_: EmulatorClients, inputs: Inputs) -> Created:
        role, policy = inputs.take("role"), inputs.take("policyArn")
        iam.attach_role_policy(RoleName=role, PolicyArn=policy)
        return Created(f"{role}/{policy}", {})

    return {
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider": make_provider,
        "aws:iam/policy:Policy": make_policy,
        "aws:iam/role:Role": make_role,
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attach,
    }


def _kms(kms: Any) -> dict[str, Maker]:
    def make_key(_: EmulatorClients, inputs: Inputs) -> Created:
        tags = [{"TagKey": key, "TagValue": value} for key, value in inputs.take("tags").items()]
        key = kms.create_key(Description=inputs.take("description"), Tags=tags)["KeyMetadata"]
        if inputs.take("enableKeyRotation"):
            kms.enable_key_rotation(KeyId=key["KeyId"])
        # Only the deletion of a key uses this.
        inputs.take("deletionWindowInDays")
        return Created(key["KeyId"], {"arn": key["Arn"], "keyId": key["KeyId"]})

    def make_alias(_: EmulatorClients, inputs: Inputs) -> Created:
        name = inputs.take("name")
        kms.create_alias(AliasName=name, TargetKeyId=inputs.take("targetKeyId"))
        return Created(name, {})

    return {"aws:kms/key:Key": make_key, "aws:kms/alias:Alias": make_alias}


def _s3(s3: Any) -> dict[str, Maker]:
    def make_bucket(_: EmulatorClients, inputs: Inputs) -> Created:
        name, tags = inputs.take("bucket"), inputs.take("tags")
        s3.create_bucket(Bucket=name)
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": key_values(tags)})
        return Created(name, {"arn": f"arn:aws:s3:::{name}"})

    def encrypt(_: EmulatorClients, inputs: Inputs) -> Created:
        name, (rule,) = inputs.take("bucket"), inputs.take("rules")
        default = rule["applyServerSideEncryptionByDefault"]
        shaped = {
            "SSEAlgorithm": default["sseAlgorithm"],
            "KMSMasterKeyID": default["kmsMasterKeyId"],
        }
        rules = [
            {
                "ApplyServerSideEncryptionByDefault": shaped,
                "BucketKeyEnabled": rule["bucketKeyEnabled"],
            }
        ]
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
        return Created(name, {})

    def keep_versions(_: EmulatorClients, inputs: Inputs) -> Created:
        name = inputs.take("bucket")
        wanted = pascal(inputs.take("versioningConfiguration"))
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=wanted)
        return Created(name, {})

    def keep_for(_: EmulatorClients, inputs: Inputs) -> Created:
        name = inputs.take("bucket")
        rules: Any = pascal(inputs.take("rules"))
        shaped = [{"ID": rule.pop("Id"), **rule} for rule in rules]
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": shaped})
        return Created(name, {})

    def close(_: EmulatorClients, inputs: Inputs) -> Created:
        name = inputs.take("bucket")
        switches = {"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls"}
        wanted = inputs.take_pascal(*switches, "restrictPublicBuckets")
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=wanted)
        return Created(name, {})

    def own(_: EmulatorClients, inputs: Inputs) -> Created:
        name, rule = inputs.take("bucket"), pascal(inputs.take("rule"))
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [rule]})
        return Created(name, {})

    def guard(_: EmulatorClients, inputs: Inputs) -> Created:
        name, policy = inputs.take("bucket"), inputs.take("policy")
        assert json.loads(policy)
        s3.put_bucket_policy(Bucket=name, Policy=policy)
        return Created(name, {})

    kind = "aws:s3/bucket{0}:Bucket{1}".format
    makers = {
        "": make_bucket,
        "LifecycleConfiguration": keep_for,
        "OwnershipControls": own,
        "Policy": guard,
        "PublicAccessBlock": close,
        "ServerSideEncryptionConfiguration": encrypt,
        "Versioning": keep_versions,
    }
    return {kind(name, name): maker for name, maker in makers.items()}
