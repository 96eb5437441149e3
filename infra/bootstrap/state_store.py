"""The bucket of a tier's Pulumi state, and the KMS key of the state and its secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from infra.paths import PROJECT

_DELETION_DAYS: Final = 30
"""Days to cancel the deletion of the key. This is the maximum of KMS."""

_ABANDONED_UPLOAD_DAYS: Final = 7
"""Days before unfinished uploads are deleted."""


@dataclass(frozen=True, kw_only=True)
class StateStoreArgs:
    """The arguments of a state store."""

    name: str
    """Name of the bucket, unique in AWS, and name of the key's alias."""

    retention_days: int
    """Days to keep old versions."""

    tags: Mapping[str, str]


class StateStore(pulumi.ComponentResource):
    """A private bucket with old versions, encrypted, and open to TLS calls only."""

    bucket: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    key_alias: pulumi.Output[str]
    """Name of the key's alias, with the prefix `alias/`."""

    def __init__(
        self, name: str, args: StateStoreArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:bootstrap:StateStore", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._kept = pulumi.ResourceOptions(parent=self, protect=True)
        key = self._create_key(name, args)
        bucket = aws.s3.Bucket(name, bucket=args.name, tags=args.tags, opts=self._kept)
        self._encrypt(name, bucket, key)
        self._keep_versions(name, args, bucket)
        self._close(name, bucket)
        self.bucket, self.bucket_arn = bucket.bucket, bucket.arn
        self.register_outputs({"bucket": self.bucket, "key_arn": self.key_arn})

    def _create_key(self, name: str, args: StateStoreArgs) -> aws.kms.Key:
        key = aws.kms.Key(
            name,
            description=f"The state in {args.name}, and its secrets.",
            enable_key_rotation=True,
            deletion_window_in_days=_DELETION_DAYS,
            tags=args.tags,
            opts=self._kept,
        )
        alias = aws.kms.Alias(
            name, name=f"alias/{args.name}", target_key_id=key.key_id, opts=self._child
        )
        self.key_arn, self.key_alias = key.arn, alias.name
        return key

    def _encrypt(self, name: str, bucket: aws.s3.Bucket, key: aws.kms.Key) -> None:
        aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {
                        "sse_algorithm": "aws:kms",
                        "kms_master_key_id": key.arn,
                    },
                    "bucket_key_enabled": True,
                }
            ],
            opts=self._child,
        )

    def _keep_versions(self, name: str, args: StateStoreArgs, bucket: aws.s3.Bucket) -> None:
        versioning = aws.s3.BucketVersioning(
            name,
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=self._child,
        )
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "old-versions",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "noncurrent_version_expiration": {"noncurrent_days": args.retention_days},
                    "expiration": {"expired_object_delete_marker": True},
                    "abort_incomplete_multipart_upload": {
                        "days_after_initiation": _ABANDONED_UPLOAD_DAYS
                    },
                }
            ],
            # The rule needs versioning.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )

    def _close(self, name: str, bucket: aws.s3.Bucket) -> None:
        closed = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child,
        )
        aws.s3.BucketOwnershipControls(
            name,
            bucket=bucket.bucket,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=self._child,
        )
        aws.s3.BucketPolicy(
            name,
            bucket=bucket.bucket,
            policy=pulumi.Output.json_dumps(_tls_only(bucket.arn)),
            # S3 accepts only one change of a bucket's access at a time.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[closed]),
        )


def _tls_only(bucket_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Return a bucket policy to deny calls without TLS, or with TLS older than 1.2."""
    everything = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
    }
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                **everything,
                "Sid": "InTheClear",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
            {
                **everything,
                "Sid": "OldTls",
                "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
            },
        ],
    }
