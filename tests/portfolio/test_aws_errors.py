"""Every command says the same about an error of AWS's: one line, with the next step."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from portfolio.local.emulator import free_port
from portfolio.local.running_stages import RunningStage, announce
from tests.commands import run_command
from tests.portfolio.refusing_aws import Refusal, RefusingAws, serve_refusing_aws, variables

pytestmark = pytest.mark.usefixtures("aws_models")

EXPIRED: Final = Refusal("ExpiredTokenException", "The security token is expired")
DENIED: Final = Refusal("AccessDeniedException", "User: ann is not authorized to do that")
THROTTLED: Final = Refusal("ThrottlingException", "Rate exceeded")
NOT_FOUND: Final = Refusal("ResourceNotFoundException", "It does not exist.")

LINES: Final = {
    EXPIRED: "The AWS credentials are not accepted: {operation}: ExpiredTokenException: "
    "The security token is expired. "
    "Sign in again (`aws sso login`), or use another profile (AWS_PROFILE).",
    DENIED: "The AWS credentials lack a permission: {operation}: AccessDeniedException: "
    "User: ann is not authorized to do that. "
    "Ask for it, or use another profile (AWS_PROFILE).",
    THROTTLED: "AWS throttles the calls: {operation}: ThrottlingException: Rate exceeded. "
    "Try again in a minute.",
    NOT_FOUND: "AWS does not find the resource: {operation}: ResourceNotFoundException: "
    "It does not exist. "
    "Deploy the stage (`pulumi up`), or use its account's profile (AWS_PROFILE).",
}
UNREACHABLE: Final = (
    'AWS cannot be reached: Could not connect to the endpoint URL: "{url}". '
    "Check the network and the proxy."
)

OPERATIONS: Final[dict[tuple[str, ...], str]] = {
    ("logs", "--stack", "dev"): "FilterLogEvents",
    ("traces", "--stack", "dev"): "GetTraceSummaries",
    ("owner", "list", "--stack", "dev"): "ListUsersInGroup",
    ("owner", "create", "a@example.com", "--generate", "--stack", "dev"): "ListUsersInGroup",
    ("owner", "password", "a@example.com", "--generate", "--stack", "dev"): "ListUsersInGroup",
    ("owner", "remove", "a@example.com", "--yes", "--stack", "dev"): "ListUsersInGroup",
    ("rollback", "--stack", "dev"): "ListVersionsByFunction",
    ("adopt", "--check", "--stack", "dev"): "DescribeTable",
}
"""The commands, and the first call of each after the account check."""

CHECKING: Final[list[tuple[str, ...]]] = [
    *OPERATIONS,
    ("seed", "--stack", "dev", "--email", "a@example.com", "--password-stdin"),
    ("preview", "down", "7"),
]
"""The commands that begin with the account check."""

WITHOUT_OWNERS: Final = {"ListUsersInGroup": "ListUsers"}
"""The next call if the first one finds nothing: a pool to adopt may lack the owners' group."""

PATIENT: Final = {"logs", "traces"}
"""The commands that try again for a minute: see tests/logs/test_logs_reading.py."""

NO_ERROR: Final = {
    ("adopt", NOT_FOUND),  # a table to create
    *((command, THROTTLED) for command in PATIENT),
}


def names(command: tuple[str, ...]) -> str:
    return " ".join(command)


def names_of_both(each: tuple[str, ...] | Refusal) -> str:
    return each.code if isinstance(each, Refusal) else names(each)


@pytest.fixture(scope="module")
def server() -> Iterator[RefusingAws]:
    with serve_refusing_aws() as aws:
        yield aws


@pytest.fixture
def aws(server: RefusingAws) -> RefusingAws:
    """The server with a working STS."""
    server.refusal, server.trusted = None, {"sts"}
    return server


@pytest.mark.parametrize("refusal", [EXPIRED, DENIED, THROTTLED], ids=lambda each: each.code)
@pytest.mark.parametrize("command", CHECKING, ids=names)
def test_an_error_of_the_account_check(
    aws: RefusingAws, tmp_path: Path, command: tuple[str, ...], refusal: Refusal
) -> None:
    aws.refusal, aws.trusted = refusal, set()
    result = run_command(*command, env=variables(tmp_path, aws.endpoint, aws.endpoint))
    line = LINES[refusal].format(operation="GetCallerIdentity")
    assert (result.code, result.printed) == (1, f"error: {line}\n")


@pytest.mark.parametrize("command", CHECKING, ids=names)
def test_an_sts_out_of_reach(tmp_path: Path, command: tuple[str, ...]) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    result = run_command(*command, env=variables(tmp_path, closed, closed))
    assert (result.code, result.printed) == (1, f"error: {UNREACHABLE.format(url=f'{closed}/')}\n")


@pytest.mark.parametrize(
    ("command", "refusal"),
    [each for each in product(OPERATIONS, LINES) if (each[0][0], each[1]) not in NO_ERROR],
    ids=names_of_both,
)
def test_an_error_of_a_service(
    aws: RefusingAws, tmp_path: Path, command: tuple[str, ...], refusal: Refusal
) -> None:
    aws.refusal = refusal
    result = run_command(*command, env=variables(tmp_path, aws.endpoint, aws.endpoint))
    operation = OPERATIONS[command]
    if refusal is NOT_FOUND:
        operation = WITHOUT_OWNERS.get(operation, operation)
    line = LINES[refusal].format(operation=operation)
    assert (result.code, result.printed) == (1, f"error: dev: {line}\n")


@pytest.mark.parametrize(
    "command", [each for each in OPERATIONS if each[0] not in PATIENT], ids=names
)
def test_a_service_out_of_reach(aws: RefusingAws, tmp_path: Path, command: tuple[str, ...]) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    result = run_command(*command, env=variables(tmp_path, closed, aws.endpoint))
    begin = UNREACHABLE.partition("{url}")[0]
    assert result.code == 1
    assert result.printed.startswith(f"error: dev: {begin}{closed}/")
    assert result.printed.count("\n") == 1


@pytest.mark.parametrize("refusal", [EXPIRED, DENIED, THROTTLED], ids=lambda each: each.code)
def test_a_sweep_ends_with_the_same_line(
    aws: RefusingAws, tmp_path: Path, refusal: Refusal
) -> None:
    aws.refusal, aws.trusted = refusal, set()
    environment = variables(tmp_path, aws.endpoint, aws.endpoint)
    result = run_command("preview", "sweep", "--open", "none", env=environment)
    assert result.code == 1
    last = result.err.splitlines()[-1]
    assert last == f"  {LINES[refusal].format(operation='GetCallerIdentity')}"


def test_the_engines_own_error_is_one_line(tmp_path: Path) -> None:
    """`preview list` reaches AWS through the engine alone, for the state in S3."""
    environment = variables(tmp_path, "http://127.0.0.1:9", "http://127.0.0.1:9")
    reason = "read .pulumi/meta.yaml: GetObject: api error ExpiredToken: The token has expired."
    (tmp_path / "pulumi").write_text(
        "#!/bin/sh\n"
        'case "$*" in *version*) echo v3.999.0; exit ;; esac\n'
        f'echo "error: {reason}" >&2\nexit 255\n'
    )
    result = run_command("preview", "list", env=environment)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"error: preview: {reason}\n"


@pytest.mark.parametrize(
    "command",
    [
        ("logs",),
        ("owner", "list"),
        ("owner", "create", "a@example.com", "--generate"),
        ("owner", "password", "a@example.com", "--generate"),
        ("owner", "remove", "a@example.com", "--yes"),
    ],
    ids=names,
)
def test_a_local_stage_whose_emulator_has_ended(command: tuple[str, ...]) -> None:
    outputs = {
        "access_log_group": "/a",
        "log_group": "/f",
        "table_name": "t",
        "user_pool_id": "us-east-1_Pool",
    }
    port, closed = free_port(), f"http://127.0.0.1:{free_port()}"
    with announce(RunningStage(port, closed, "us-east-1", outputs)):
        result = run_command(*command, "--stack", "local", "--port", str(port))
    assert (result.code, result.printed) == (
        1,
        "error: The local stage has ended: start it with `make up`.\n",
    )
