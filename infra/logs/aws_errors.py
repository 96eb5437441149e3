"""What goes wrong on the way to CloudWatch Logs, in words for people."""

from collections.abc import Generator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
)

from infra.errors import LogsError
from portfolio.local.running import LOCAL, hide_secret

_CREDENTIALS = {
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "UnrecognizedClientException",
}


@contextmanager
def explain_aws_errors(stack: str) -> Generator[None]:
    """Turn errors of AWS's into ours.

    Raises:
        LogsError: in one line, with what to do.
    """
    try:
        yield
    except ClientError as error:
        raise LogsError(_explain(error, stack)) from None
    except (EndpointConnectionError, ConnectionClosedError) as error:
        if stack == LOCAL:
            raise LogsError("make up has ended.") from None
        raise LogsError(f"CloudWatch Logs is out of reach: {error}") from None
    except BotoCoreError as error:
        reason = hide_secret(str(error))
        raise LogsError(f"The logs of {stack} cannot be read: {reason}") from None


def _explain(error: ClientError, stack: str) -> str:
    code = error.response.get("Error", {}).get("Code", "")
    message = error.response.get("Error", {}).get("Message", "")
    if code == "ResourceNotFoundException":
        return f"{message} Are the credentials those of {stack}'s account? (AWS_PROFILE)"
    if code == "AccessDeniedException":
        return f"The logs of {stack} may not be read: {message}"
    if code in _CREDENTIALS:
        return f"The AWS credentials are not accepted: {message} Sign in again."
    if code == "InvalidParameterException":
        return f"CloudWatch Logs does not take that: {message}"
    return f"The logs of {stack} cannot be read: {code}: {message}"
