"""Calls of a stage: through its gateway, or of the function with an event."""

import json
import time
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import httpx

from infra.components.names import LIVE
from infra.errors import InvocationError
from infra.settings.files import LOCAL
from portfolio.errors.aws_errors import explain_aws_errors
from portfolio.invocation.answer import Answer, parse_result
from portfolio.invocation.request import Call

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

    from portfolio.terminal import Terminal

_TIMEOUT: Final = 35
"""Seconds; API Gateway answers within 30."""


class Stage(Protocol):
    """The parts of a stage for a call; `StageAccess` has them.

    The local stage makes events too, so this folder cannot import `StageAccess`.
    """

    @property
    def stack(self) -> str:
        """The stack's name."""
        ...

    @property
    def functions(self) -> "LambdaClient":
        """A client for Lambda."""
        ...

    def output(self, name: str) -> str:
        """Return one of the stack's outputs."""
        ...


def sign_in(stage: Stage, email: str, password: str) -> str:
    """Return an ID token of a user of this stage.

    Raises:
        InvocationError: if the API refuses the password, or does not answer.
    """
    credentials = json.dumps({"email": email, "password": password})
    answer = _send(stage, Call("POST", "/auth/login", credentials))
    if answer.has_failed:
        raise InvocationError(f"{email} cannot sign in to {stage.stack}: {answer.body}")
    token: str = json.loads(answer.body)["id_token"]
    return token


def call_gateway(stage: Stage, call: Call, terminal: "Terminal") -> bool:
    """Send a request to a stage's API, and print the answer.

    Returns:
        True if its status is below 400.

    Raises:
        InvocationError: if the API does not answer.
    """
    started = time.perf_counter()
    answer = _send(stage, call)
    answer.show(1000 * (time.perf_counter() - started), terminal)
    return not answer.has_failed


def call_function(stage: Stage, event: object, terminal: "Terminal") -> bool:
    """Invoke a stage's live function with an event, and print its result.

    Returns:
        True, except for an HTTP answer with a status of 400 or more.

    Raises:
        InvocationError: if the function fails.
    """
    started = time.perf_counter()
    with explain_aws_errors(stage.stack):
        response = stage.functions.invoke(
            FunctionName=stage.output("function_name"), Qualifier=LIVE, Payload=json.dumps(event)
        )
    milliseconds = 1000 * (time.perf_counter() - started)
    result: Any = json.loads(response["Payload"].read())
    if "FunctionError" in response:
        reason: str = result.get("errorMessage") or json.dumps(result)
        where = f"See portfolio logs --stack {stage.stack}."
        raise InvocationError(f"The function failed: {reason.removesuffix('.')}. {where}")
    if not (isinstance(result, dict) and "statusCode" in result):
        terminal.say(json.dumps(result, indent=2))
        return True
    answer = parse_result(cast("dict[str, Any]", result))
    answer.show(milliseconds, terminal)
    return not answer.has_failed


def _send(stage: Stage, call: Call) -> Answer:
    url = f"{stage.output('api_url').rstrip('/')}{call.path}"
    try:
        answer = httpx.request(
            call.method,
            url,
            content=call.body,
            headers=call.headers,
            timeout=_TIMEOUT,
            # The machine's proxy is for stages in AWS only.
            trust_env=stage.stack != LOCAL,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InvocationError(f"{url} does not answer: {error}") from None
    return Answer(answer.status_code, answer.headers, answer.text)
