"""A deployed stage, as its operators reach it: its API, its outputs and AWS's own APIs."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
)

from infra.account import check_account
from infra.errors import LogsError, StackError
from infra.settings import load_stage_settings
from infra.settings.files import LOCAL, short_name
from infra.settings.rules import PRODUCTION
from portfolio.engine.pulumi_cli import run_pulumi
from portfolio.local.running_stages import find_running

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_logs import CloudWatchLogsClient

_LOCALLY: Final = Config(proxies={}, retries={"total_max_attempts": 1})

PATIENT: Final = Config(retries={"mode": "standard", "total_max_attempts": 10})
"""FilterLogEvents is throttled early: up to two minutes of waiting before it counts."""


@dataclass(frozen=True)
class StageAccess:
    """What an operator needs of a stage."""

    stack: str
    is_production: bool
    _outputs: Mapping[str, Any]
    _session: boto3.Session
    _endpoint: str | None
    """The emulator's; AWS's own otherwise."""

    def output(self, name: str) -> str:
        """One of the stack's outputs.

        Raises:
            StackError: if the stack was never deployed as it is now.
        """
        if name not in self._outputs:
            raise StackError(
                f"The stack {self.stack} has no output {name}: "
                f"deploy it with pulumi up -s {self.stack}."
            )
        return self._outputs[name]

    @property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """A new client for user pools."""
        config = _LOCALLY if self._endpoint else None
        return self._session.client("cognito-idp", endpoint_url=self._endpoint, config=config)

    @property
    def logs(self) -> "CloudWatchLogsClient":
        """A new client for CloudWatch Logs, which waits in AWS where it is throttled."""
        config = _LOCALLY if self._endpoint else PATIENT
        return self._session.client("logs", endpoint_url=self._endpoint, config=config)


def open_stage(stack: str, port: int | None = None) -> StageAccess:
    """The access to a stack, or to the local stage that runs, on this port if one is given.

    Raises:
        PortfolioError: if there is no such stage, or the credentials are another account's.
    """
    return _open_local(port) if stack == LOCAL else _open_deployed(stack)


def _open_local(port: int | None) -> StageAccess:
    from portfolio.local.emulator import ACCESS_KEY  # noqa: PLC0415 - it needs an HTTP client

    running = find_running(port)
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=running.region)
    return StageAccess(
        stack=LOCAL,
        is_production=False,
        _outputs=running.outputs | {"api_url": f"http://localhost:{running.port}/v1"},
        _session=session,
        _endpoint=running.emulator,
    )


def _open_deployed(stack: str) -> StageAccess:
    settings = load_stage_settings(short_name(stack))
    check_account(settings)
    session = boto3.Session(profile_name=settings.profile, region_name=settings.region)
    return StageAccess(
        stack=stack,
        is_production=settings.environment == PRODUCTION,
        _outputs=read_stack_outputs(stack),
        _session=session,
        _endpoint=None,
    )


def read_stack_outputs(stack: str) -> dict[str, Any]:
    """The outputs of a stack, secret ones hidden.

    Raises:
        ToolMissingError: if the Pulumi CLI is not on PATH.
        StackError: if there is no such stack, or it cannot be read.
    """
    try:
        outputs: dict[str, Any] = json.loads(
            run_pulumi("stack", "output", "--json", "--stack", stack)
        )
    except StackError as error:
        if "no stack named" not in str(error):
            raise
        raise StackError(f"There is no stack {stack}: {_known_stacks()}.") from None
    return outputs


def _known_stacks() -> str:
    names = [each["name"] for each in json.loads(run_pulumi("stack", "ls", "--json"))]
    return f"there are {', '.join(names)}" if names else "there is none yet (pulumi stack init)"


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
        raise LogsError(f"The logs of {stack} cannot be read: {error}") from None


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
