"""Access to a stage for its operators, in AWS or local: account check, outputs and AWS clients."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from infra.account import check_account
from infra.errors import StackError
from infra.settings import load_stage_settings
from infra.settings.files import LOCAL, short_name
from infra.settings.nearest import nearest
from infra.settings.rules import PRODUCTION
from portfolio.engine.pulumi_cli import run_pulumi
from portfolio.local.emulator_session import EMULATOR_CONFIG, open_emulator_session
from portfolio.local.running_stages import find_running
from portfolio.logs.events import LogGroup, StageLogs

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_logs import CloudWatchLogsClient

    from infra.settings import StageSettings

PATIENT: Final = Config(retries={"mode": "standard", "total_max_attempts": 10})
"""Retries for up to two minutes if AWS throttles: FilterLogEvents early, a table under load."""


@dataclass(frozen=True)
class StageAccess:
    """A stage's outputs, and clients with its profile, region and endpoint."""

    stack: str
    is_production: bool
    table_name: str
    """The table's name, known without the stack's state."""

    _session: boto3.Session
    _endpoint: str | None
    """The local emulator's URL, or `None` for AWS's own endpoints."""

    _read_outputs: Callable[[], Mapping[str, Any]]
    default_owner: str | None = None
    """The e-mail address of the local stage's owner, or `None` in AWS."""

    default_password: str | None = field(default=None, repr=False)
    """The password of the local stage's owner, or `None` in AWS."""

    status_link: str | None = field(default=None, repr=False)
    """A link to the local stage's status page, for one use, or `None` in AWS."""

    @cached_property
    def outputs(self) -> Mapping[str, Any]:
        """The stack's outputs, read when first needed.

        Raises:
            PortfolioError: if the stack does not exist, or the Pulumi CLI cannot read it.
        """
        return self._read_outputs()

    def output(self, name: str) -> str:
        """Return one of the stack's outputs.

        Raises:
            PortfolioError: if the stack cannot be read, or was last deployed without this output.
        """
        if name not in self.outputs:
            deploy = f"deploy it with pulumi up -s {self.stack}"
            step = "start it again with make up" if self.stack == LOCAL else deploy
            raise StackError(f"The stack {self.stack} has no output {name}: {step}.")
        return self.outputs[name]

    def chosen_output(self, name: str) -> str:
        """Return the output that a user names.

        Raises:
            PortfolioError: if the stack cannot be read, or has no such output. The message then
                lists its outputs.
        """
        if not self.outputs or name in self.outputs:
            return self.output(name)
        near = nearest(name, self.outputs)
        suggestion = f": did you mean {near}?" if near else "."
        raise StackError(
            f"The stack {self.stack} has no output {name}{suggestion} "
            f"The outputs are {', '.join(self.outputs)}."
        )

    @property
    def region(self) -> str:
        """The AWS region of the stage."""
        return self._session.region_name

    @property
    def cognito(self) -> "CognitoIdentityProviderClient":
        """A new client for user pools."""
        return self.client("cognito-idp")

    @property
    def dynamodb(self) -> "DynamoDBClient":
        """A new client for the table; it waits and retries if AWS throttles it."""
        return self.client("dynamodb", PATIENT)

    @property
    def functions(self) -> "LambdaClient":
        """A new client for Lambda."""
        return self.client("lambda")

    @property
    def logs(self) -> "CloudWatchLogsClient":
        """A new client for CloudWatch Logs; it waits and retries if AWS throttles it."""
        return self.client("logs", PATIENT)

    def client(self, service: str, config: Config | None = None, region: str | None = None) -> Any:  # noqa: ANN401 - any service's
        """Return a new client for a service.

        Args:
            service: boto3's name for it.
            config: the client's configuration in AWS; the emulator's is fixed.
            region: another region than the stage's.
        """
        session: Any = self._session
        chosen = EMULATOR_CONFIG if self._endpoint else config
        return session.client(service, region, endpoint_url=self._endpoint, config=chosen)


def open_stage(stack: str, port: int | None = None) -> StageAccess:
    """Open a stage by the name of its stack.

    Args:
        stack: a deployed stack, or `local` for a local stage that is running.
        port: the local stage's port, needed if several run.

    Raises:
        PortfolioError: if the stage does not exist, or the credentials are another account's.
    """
    if stack == LOCAL:
        return _open_local(port)
    return open_deployed(stack, load_stage_settings(short_name(stack)))


def open_logs(stack: str, port: int | None) -> StageLogs:
    """Open the two logs of a stage.

    Args:
        stack: the stage's stack, or `local`.
        port: the local stage's port, needed if several run.

    Raises:
        PortfolioError: if the stage or one of its outputs does not exist, or the credentials are
            another account's.
    """
    stage = open_stage(stack, port)
    access = LogGroup(stage.output("access_log_group"), "access")
    function = LogGroup(stage.output("log_group"), "function")
    return StageLogs(stage.logs, (access, function))


def open_deployed(stack: str, settings: "StageSettings") -> StageAccess:
    """Open a stage in AWS, after a check of the credentials' account.

    Raises:
        AccountError: if credentials are missing, refused, or another account's.
    """
    check_account(settings)
    return StageAccess(
        stack=stack,
        is_production=settings.environment == PRODUCTION,
        table_name=settings.table_name,
        _session=open_session(settings, settings.region),
        _endpoint=None,
        _read_outputs=partial(read_stack_outputs, stack),
    )


def open_session(settings: "StageSettings", region: str) -> boto3.Session:
    """Open a session in a region, with the profile of a stage."""
    return boto3.Session(profile_name=settings.profile, region_name=region)


def read_stack_outputs(stack: str) -> dict[str, Any]:
    """Return the outputs of a stack, with secret ones hidden.

    Raises:
        ToolMissingError: if the Pulumi CLI is not on PATH.
        StackError: if the stack does not exist, or cannot be read.
    """
    try:
        outputs: dict[str, Any] = json.loads(
            run_pulumi("stack", "output", "--json", "--stack", stack)
        )
    except StackError as error:
        if "no stack named" not in str(error):
            raise
        raise StackError(f"The stack {stack} does not exist: {_known_stacks()}.") from None
    return outputs


def _open_local(port: int | None) -> StageAccess:
    from portfolio.local.default_owner import OWNER_EMAIL  # noqa: PLC0415 - as below
    from portfolio.local.emulator import ACCESS_KEY  # noqa: PLC0415 - it needs an HTTP client

    running = find_running(port)
    outputs = running.outputs | {"api_url": f"http://localhost:{running.port}"}
    if running.status_url:
        outputs["status_url"] = running.status_url
    return StageAccess(
        stack=LOCAL,
        is_production=False,
        table_name=running.outputs["table_name"],
        _session=open_emulator_session(ACCESS_KEY, running.region),
        _endpoint=running.emulator,
        _read_outputs=lambda: outputs,
        default_owner=OWNER_EMAIL,
        default_password=running.owner_password,
        status_link=running.status_link,
    )


def _known_stacks() -> str:
    names = [each["name"] for each in json.loads(run_pulumi("stack", "ls", "--json"))]
    return f"use one of {', '.join(names)}" if names else "create it with pulumi stack init"
