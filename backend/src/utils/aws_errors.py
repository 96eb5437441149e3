"""Meaning of AWS's errors, as botocore raises them."""

from http import HTTPStatus
from typing import Final

from botocore.exceptions import ClientError

_TEMPORARY_CODES: Final = frozenset(
    {
        "InternalErrorException",
        "InternalFailure",
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
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


def is_temporary(error: ClientError) -> bool:
    """Return True if AWS failed or throttled the call, or any action of its transaction."""
    reasons = error.response.get("CancellationReasons", [])
    codes = {error_code(error), *(reason.get("Code", "") for reason in reasons)}
    return _status(error) >= HTTPStatus.INTERNAL_SERVER_ERROR or not _TEMPORARY_CODES.isdisjoint(
        codes
    )


def _status(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
