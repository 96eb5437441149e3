"""What AWS's errors mean, as botocore raises them."""

from typing import Final

from botocore.exceptions import ClientError

_THROTTLING_CODES: Final = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Of DynamoDB, of one action of its transactions, and of Cognito (their API references)."""


def error_code(error: ClientError) -> str:
    """Return AWS's name of the error, such as `ConditionalCheckFailedException`."""
    return error.response.get("Error", {}).get("Code", "")


def is_throttling(error: ClientError) -> bool:
    """Whether AWS asked us to slow down, in a call or in any part of a transaction."""
    reasons = error.response.get("CancellationReasons", [])
    codes = {error_code(error), *(reason.get("Code", "") for reason in reasons)}
    return not _THROTTLING_CODES.isdisjoint(codes)
