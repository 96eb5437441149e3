"""Pulumi's calls to keep a stage's state in its tier's bucket, and secrets with its key.

They are from the sources of its backend for buckets (pkg/backend/diy), and of the libraries below
it: gocloud.dev's blob/s3blob and secrets/awskms.
"""

from collections.abc import Iterator

from infra.paths import PROJECT
from tests.bootstrap.iam_evaluator import Request
from tests.bootstrap.provider_calls import ACCOUNT, REGION

_KEYS = {
    "production": "11111111-1111-1111-1111-111111111111",
    "development": "22222222-2222-2222-2222-222222222222",
}

_OBJECTS = {
    # The layout of the bucket: read by each run, written by the first one.
    ".pulumi/meta.yaml": "GetObject PutObject",
    # The old state is copied, and the new state is read again to check it.
    f".pulumi/stacks/{PROJECT}/dev.json": "GetObject PutObject DeleteObject",
    f".pulumi/stacks/{PROJECT}/dev.json.bak": "GetObject PutObject DeleteObject",
    f".pulumi/backups/{PROJECT}/dev/dev.1764000000.json": "PutObject",
    f".pulumi/history/{PROJECT}/dev/dev-1.history.json": "GetObject PutObject DeleteObject",
    # Each run writes its lock, lists the others, and deletes its lock.
    f".pulumi/locks/organization/{PROJECT}/dev/1.json": "GetObject PutObject DeleteObject",
}

_KEY_USES = (
    # Encrypts the key for a stack's secrets.
    "Encrypt",
    # Decrypts this key, and each read object.
    "Decrypt",
    # Encrypts each written object.
    "GenerateDataKey",
)


def state_arns(tier: str) -> tuple[str, str]:
    """Return the ARNs of a tier's bucket and its key."""
    bucket = f"arn:aws:s3:::{PROJECT}-{tier}-state-{ACCOUNT}"
    return bucket, f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{_KEYS[tier]}"


def state_calls(tier: str) -> Iterator[Request]:
    """Yield each call to a tier's state."""
    bucket, key = state_arns(tier)
    yield Request("s3:ListBucket", bucket)
    for name, actions in _OBJECTS.items():
        for action in actions.split():
            yield Request(f"s3:{action}", f"{bucket}/{name}")
    for action in _KEY_USES:
        yield Request(f"kms:{action}", key)
