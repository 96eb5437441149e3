"""What Pulumi calls to keep a stage's state in its tier's bucket, and secrets under its key.

From the sources of its backend for buckets (pkg/backend/diy) and of gocloud.dev's blob/s3blob and
secrets/awskms, on which that stands.
"""

from collections.abc import Iterator

from tests.bootstrap.iam_evaluator import Request
from tests.bootstrap.provider_calls import ACCOUNT, REGION

_KEYS = {
    "production": "11111111-1111-1111-1111-111111111111",
    "development": "22222222-2222-2222-2222-222222222222",
}

_OBJECTS = {
    # Which layout the bucket has; read, and written by the first who comes.
    ".pulumi/meta.yaml": "GetObject PutObject",
    # The one before is copied aside, and the new one read back to see that it is whole.
    ".pulumi/stacks/portfolio-api/dev.json": "GetObject PutObject DeleteObject",
    ".pulumi/stacks/portfolio-api/dev.json.bak": "GetObject PutObject DeleteObject",
    ".pulumi/backups/portfolio-api/dev/dev.1764000000.json": "PutObject",
    ".pulumi/history/portfolio-api/dev/dev-1.history.json": "GetObject PutObject DeleteObject",
    # Each run writes one, lists the others, and takes its own away again.
    ".pulumi/locks/organization/portfolio-api/dev/1.json": "GetObject PutObject DeleteObject",
}

_KEY_USES = (
    # Of the key that a stack's secrets are encrypted with.
    "Encrypt",
    # Of that key, and of each object that is read.
    "Decrypt",
    # For each object that is written.
    "GenerateDataKey",
)


def state_arns(tier: str) -> tuple[str, str]:
    """A tier's bucket and its key."""
    bucket = f"arn:aws:s3:::portfolio-api-{tier}-state-{ACCOUNT}"
    return bucket, f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{_KEYS[tier]}"


def state_calls(tier: str) -> Iterator[Request]:
    """Every call to a tier's state."""
    bucket, key = state_arns(tier)
    yield Request("s3:ListBucket", bucket)
    for name, actions in _OBJECTS.items():
        for action in actions.split():
            yield Request(f"s3:{action}", f"{bucket}/{name}")
    for action in _KEY_USES:
        yield Request(f"kms:{action}", key)
