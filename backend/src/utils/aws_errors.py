"""Meaning of AWS's errors, as botocore raises them."""

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
"""Codes of DynamoDB, of an action of its transactions, and of Cognito (API references)."""


def error_code(error: ClientError) -> str:
    """Return AWS's name of the error, such as `ConditionalCheckFailedException`."""
    return error.response.get("Error", {}).get("Code", "")


def is_throttling(error: ClientError) -> bool:
    """Return True if AWS throttled the call, or any action of its transaction."""
    reasons = error.response.get("CancellationReasons", [])
    codes = {error_code(error), *(reason.get("Code", "") for reason in reasons)}
    return not _THROTTLING_CODES.isdisjoint(codes)
