"""Limits of calls to AWS: the time of all calls of a request, and answers without a body.

A request waits a few seconds for AWS, even if each of its calls is slow. Then the client gets a
503, long before the gateway would give up.
"""

import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import HTTPClientError

if TYPE_CHECKING:
    from botocore.awsrequest import AWSResponse
    from botocore.hooks import BaseEventHooks
    from botocore.model import OperationModel

ATTEMPTS: Final = 4
"""Attempts of a call."""

_EMPTY_ANSWER_PAUSE: Final = 0.05
"""Seconds between an answer without a body and the next attempt."""

_LAST_START: Final = 4.0
"""Seconds of waiting for AWS in a request; after them, no further attempt starts.

An attempt takes at most 4 seconds more, and the pauses between repeated transactions 1.6.
"""


@dataclass
class AwsTime:
    """The time of a request in calls to AWS; a debugger may stop between two calls."""

    _spent: float = 0.0
    _begun: float | None = field(default=None, init=False)

    failure: "AWSResponse | Exception | None" = field(default=None, init=False)
    """The end of the last attempt of this call."""

    def begin(self) -> None:
        """Note the begin of a call."""
        self._begun, self.failure = time.monotonic(), None

    def end(self) -> None:
        """Note the end of a call."""
        self._spent, self._begun = self.seconds, None

    @property
    def seconds(self) -> float:
        """The time in all calls so far, with their pauses."""
        return self._spent + (0.0 if self._begun is None else time.monotonic() - self._begun)

    @property
    def is_over(self) -> bool:
        """True if no further attempt may start."""
        return self.seconds > _LAST_START


AWS_TIME: Final[ContextVar[AwsTime | None]] = ContextVar("aws_time", default=None)
"""The time of the current request; None outside a request, where nothing limits the calls."""


class AwsTimeIsOverError(HTTPClientError):
    """The calls of a request have taken too long."""

    fmt = "No time is left for another call: AWS has taken {seconds:.1f} s of this request"


class EmptyAnswerError(HTTPClientError):
    """AWS answered without a body, even to repeated attempts."""

    fmt = "The answer of AWS has no body"


def limit_calls(events: "BaseEventHooks") -> None:
    """Limit the calls of a client, by its events."""
    # The stubs know only handlers without an answer.
    hooks: Any = events
    hooks.register("before-call", _begin)
    hooks.register("before-send", _check_time)
    # Before botocore's own: the first answer decides.
    hooks.register_first("needs-retry", _decide_retry)
    hooks.register("after-call-error", _end)
    hooks.register("after-call", _end)
    hooks.register("after-call", _check_body)


def _begin(**_: object) -> None:
    if aws_time := AWS_TIME.get():
        aws_time.begin()


def _end(**_: object) -> None:
    if aws_time := AWS_TIME.get():
        aws_time.end()


def _check_time(**_: object) -> "AWSResponse | None":
    """End an attempt before it is sent if no time is left: with the failure of the last one.

    Raises:
        AwsTimeIsOverError: if it would be the first attempt of its call.
    """
    aws_time = AWS_TIME.get()
    if aws_time is None or not aws_time.is_over:
        return None
    if isinstance(aws_time.failure, Exception):
        raise aws_time.failure
    if aws_time.failure is None:
        raise AwsTimeIsOverError(seconds=aws_time.seconds)
    return aws_time.failure


def _decide_retry(
    operation: "OperationModel",
    attempts: int,
    response: "tuple[AWSResponse, object] | None",
    caught_exception: Exception | None,
    **_: object,
) -> float | bool | None:
    """Return the pause before another attempt, False for none, and None to let botocore decide."""
    if aws_time := AWS_TIME.get():
        aws_time.failure = caught_exception or (response and response[0])
        if aws_time.is_over:
            return False
    is_empty = response is not None and _lacks_body(response[0], operation)
    return _EMPTY_ANSWER_PAUSE if is_empty and attempts < ATTEMPTS else None


def _check_body(http_response: "AWSResponse", model: "OperationModel", **_: object) -> None:
    """Refuse an answer without a body.

    The smallest answer of an operation with results is `{}`. Botocore reads nothing as `{}` too,
    so a write would look done, and an item missing.

    Raises:
        EmptyAnswerError: if the body is empty.
    """
    if _lacks_body(http_response, model):
        raise EmptyAnswerError


def _lacks_body(answer: "AWSResponse", operation: "OperationModel") -> bool:
    """Return True if the body is empty, and the operation has results.

    GlobalSignOut has none; Cognito's reference describes its success as "an empty HTTP body".
    """
    output = operation.output_shape
    return not answer.content and output is not None and bool(output.members)
