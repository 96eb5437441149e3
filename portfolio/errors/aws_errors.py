"""AWS's errors on a stage, as one line with the next step."""

from collections.abc import Generator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
)

from infra.account import explain_aws_error
from infra.errors import LocalStageError, StackError
from infra.settings.files import LOCAL


@contextmanager
def explain_aws_errors(stack: str) -> Generator[None]:
    """Turn the errors of boto3 inside the block into one line each.

    Errors with a meaning for only one feature, such as a refused password, are caught inside
    the block, by that feature.

    Args:
        stack: the stage's name, which the line starts with.

    Raises:
        LocalStageError: if the local stage has ended.
        StackError: if AWS refuses a call or cannot be reached, with the next step.
    """
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        ended = isinstance(error, (ConnectionClosedError, EndpointConnectionError))
        if stack == LOCAL and ended:
            raise LocalStageError("The local stage has ended: start it with `make up`.") from None
        raise StackError(f"{stack}: {explain_aws_error(error)}") from None
