"""Attacks on the emulator and our gateway: by a page in a browser, or another local user."""

import base64
import io
import json
import os
import socket
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import boto3
import pytest
from botocore.config import Config

from infra.errors import PortfolioError
from portfolio.errors.aws_errors import explain_aws_errors
from portfolio.local.clients import EmulatorClients, connect
from portfolio.local.emulator import ACCESS_KEY, Emulator, free_port, run_emulator
from portfolio.local.gateway import AccessLogEntry, LocalGateway
from portfolio.local.listeners import listen
from portfolio.local.running_stages import RunningStage, announce, write_link
from portfolio.owners.pool import UserPool
from portfolio.samples.create import create_samples
from portfolio.terminal import Terminal
from tests.local.raw_http import Answer, send
from tests.local_stage import serve_gateway

REGION: Final = "us-east-1"
ROLE: Final = "function"
"""The role of the function; an attacker can guess its name."""

TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}

ECHO: Final = """
import json
def handler(event, context):
    return {"statusCode": 200, "headers": {"x-answered-by": "function"}, "body": json.dumps(event)}
"""

SCOPE: Final = "test/20260101/us-east-1/lambda/aws4_request"
IN_THE_QUERY: Final = (
    f"?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE}"
    "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature=00"
)
IN_A_HEADER: Final = (
    f"Authorization: AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature=00"
)
PAGE: Final = ("Origin: http://evil.example", "Sec-Fetch-Site: cross-site")
HANDSHAKE: Final = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
CREATE, INVOKE = "/2015-03-31/functions", "/2015-03-31/functions/evil/invocations"


@dataclass(frozen=True)
class Attacked:
    """An emulator with an API, and our gateway in front of it."""

    emulator: Emulator
    clients: EmulatorClients
    api: str
    """The API's id."""

    gateway: int
    """The gateway's port."""

    log: list[AccessLogEntry]
    """The requests answered by the gateway."""

    @property
    def port(self) -> int:
        return urlsplit(self.emulator.endpoint).port or 0

    @property
    def secret(self) -> str:
        """The path of the emulator's address."""
        return urlsplit(self.emulator.endpoint).path

    def functions(self) -> set[str]:
        listed = self.clients.functions.list_functions()["Functions"]
        return {function.get("FunctionName", "") for function in listed}


def pack(source: str) -> bytes:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("code.py", source)
    return code.getvalue()


def create_api(clients: EmulatorClients) -> str:
    """Create an API; its function answers with the event it received."""
    role = clients.iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))
    function = clients.functions.create_function(
        FunctionName="echo",
        Runtime="python3.12",
        Handler="code.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": pack(ECHO)},
    )["FunctionArn"]
    api = clients.api_gateway.create_api(Name="echo", ProtocolType="HTTP").get("ApiId", "")
    integration = clients.api_gateway.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=function,
        PayloadFormatVersion="2.0",
    ).get("IntegrationId", "")
    target = f"integrations/{integration}"
    clients.api_gateway.create_route(ApiId=api, RouteKey="$default", Target=target)
    clients.api_gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    return api


@pytest.fixture(scope="module")
def attacked() -> Iterator[Attacked]:
    with run_emulator() as emulator:
        clients, port = connect(emulator.endpoint, REGION), free_port()
        api = create_api(clients)
        log: list[AccessLogEntry] = []
        base = f"{emulator.endpoint}/_aws/execute-api/{api}/$default"
        gateway = LocalGateway(base, log.append)
        with listen(port) as sockets, serve_gateway(gateway, sockets):
            yield Attacked(emulator, clients, api, port, log)


def is_refused(answer: Answer) -> bool:
    """Return True for a 403 without CORS headers: a page cannot even read it."""
    allows = any(name.lower().startswith("access-control-") for name in answer.headers)
    return answer.status == 403 and not allows


@pytest.mark.parametrize("headers", [PAGE, PAGE[:1], PAGE[1:], ()])
@pytest.mark.parametrize(("query", "header"), [(IN_THE_QUERY, ()), ("", (IN_A_HEADER,))])
def test_two_requests_run_no_code(
    attacked: Attacked, tmp_path: Path, headers: tuple[str, ...], query: str, header: tuple[str]
) -> None:
    ran = tmp_path / "ran"
    source = (
        f"from pathlib import Path\ndef handler(event, context):\n    Path({str(ran)!r}).touch()"
    )
    function = {
        "FunctionName": "evil",
        "Runtime": "python3.12",
        "Handler": "code.handler",
        "Role": f"arn:aws:iam::000000000000:role/{ROLE}",
        "Code": {"ZipFile": base64.b64encode(pack(source)).decode()},
    }
    lines = (*headers, *header, "Content-Type: text/plain")
    body = json.dumps(function).encode()
    created = send(attacked.port, f"{CREATE}{query}", *lines, method="POST", body=body)
    invoked = send(attacked.port, f"{INVOKE}{query}", *lines, method="POST", body=b"{}")
    try:
        assert is_refused(created), created
        assert is_refused(invoked), invoked
        assert attacked.functions() == {"echo"}
        assert not ran.exists()
    finally:
        if "evil" in attacked.functions():
            attacked.clients.functions.delete_function(FunctionName="evil")


def test_a_preflight_is_refused(attacked: Attacked) -> None:
    asks = ("Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-amz-target")
    assert is_refused(send(attacked.port, CREATE, *PAGE, *asks, method="OPTIONS"))


@pytest.mark.parametrize("path", ["/_ministack/health", "/_ministack/reset", "/health", "/", "*"])
def test_the_emulators_own_paths_are_refused(attacked: Attacked, path: str) -> None:
    assert is_refused(send(attacked.port, path))
    assert is_refused(send(attacked.port, path, method="POST"))


def test_the_keys_of_a_pool_are_refused(attacked: Attacked) -> None:
    pool = attacked.clients.cognito.create_user_pool(PoolName="keys")["UserPool"].get("Id", "")
    path = f"/{pool}/.well-known/jwks.json"
    assert is_refused(send(attacked.port, path))
    assert send(attacked.port, f"{attacked.secret}{path}").status == 200


def test_the_secret_is_of_one_start_and_cannot_be_guessed(attacked: Attacked) -> None:
    with run_emulator() as other:
        secret = urlsplit(other.endpoint).path
        assert len(secret) > 40
        assert is_refused(send(attacked.port, f"{secret}/_ministack/health"))


@pytest.mark.parametrize(
    "guess",
    [
        "/{part}",
        "/{whole}x",
        "/{swapped}",
        "//{whole}",
        "/./{whole}",
        "/x/../{whole}",
        "/%2f{whole}",
        "/{whole}%2f",
        "/{whole};",
        "http://127.0.0.1/{whole}",
    ],
)
def test_what_only_looks_like_the_secret_is_refused(attacked: Attacked, guess: str) -> None:
    whole = attacked.secret.strip("/")
    path = guess.format(whole=whole, part=whole[:-1], swapped=whole.swapcase())
    assert is_refused(send(attacked.port, f"{path}/_ministack/health"))


@pytest.mark.parametrize(
    "header",
    [
        "Origin: http://evil.example",
        "Origin: null",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Mode: no-cors",
        "Sec-WebSocket-Key: x",
    ],
)
def test_a_page_that_knows_the_secret_is_refused(attacked: Attacked, header: str) -> None:
    path = f"{attacked.secret}/_ministack/health"
    assert send(attacked.port, path).status == 200
    assert is_refused(send(attacked.port, path, header))


def test_a_websocket_is_refused(attacked: Attacked) -> None:
    gateway = attacked.clients.api_gateway
    sockets = gateway.create_api(
        Name="sockets", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
    ).get("ApiId", "")
    gateway.create_stage(ApiId=sockets, StageName="live")
    api = f"/_aws/execute-api/{sockets}/live"
    for path in ("/", api, attacked.secret, f"{attacked.secret}{api}"):
        assert send(attacked.port, path, *HANDSHAKE).status == 403, path
    host = f"{sockets}.execute-api.localhost"
    assert send(attacked.port, "/live", *HANDSHAKE, host=host).status == 403


def test_through_the_gateway_a_page_calls_the_api_alone(attacked: Attacked) -> None:
    answer = send(attacked.gateway, "/health", *PAGE)
    assert answer.headers["x-answered-by"] == "function"
    assert answer.json()["headers"]["origin"] == "http://evil.example"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "target",
    [
        "/health",
        "/_ministack/health",
        "/../../../../_ministack/health",
        "/../../../../_ministack/reset",
        "/../../../../2015-03-31/functions",
        "/..",
        "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/_ministack/health",
        "/..%2f..%2f..%2f..%2f_ministack/health",
        "/%252e%252e/%252e%252e/_ministack/health",
        "//_ministack/health",
        "//s3.amazonaws.com/_ministack/health",
        "/\\..\\..\\..\\..\\_ministack\\health",
        "/..;/..;/..;/..;/_ministack/health",
        "/#/../../../../_ministack/health",
        "/@connections/anyone",
        "/%40connections/anyone",
        "/%2f@connections/anyone",
        "/_aws/execute-api/other/$default/blogs",
        "/restapis/other/$default/_user_request_/blogs",
        "/2015-03-31/functions",
        "/oauth2/token",
        "/.well-known/jwks.json",
        "/http://127.0.0.1/_ministack/health",
    ],
)
def test_no_path_leads_past_the_api(attacked: Attacked, method: str, target: str) -> None:
    answer = send(attacked.gateway, f"{target}{IN_THE_QUERY}", method=method)
    assert answer.headers["x-answered-by"] == "function", answer
    event = answer.json()
    # Leading slashes are ignored, and an HTTP API keeps an escaped percent sign.
    seen = unquote(event["rawPath"]).lstrip("/")
    assert seen == unquote(target).lstrip("/")
    assert event["requestContext"]["apiId"] == attacked.api
    assert event["requestContext"]["accountId"] == "000000000000"


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("OPTIONS", "*"),
        ("GET", "*"),
        ("GET", "http://s3.amazonaws.com/_ministack/health"),
        ("GET", "http://127.0.0.1:1/../../../../_ministack/health"),
        ("GET", "x"),
        ("GET", "../../../../_ministack/health"),
        ("CONNECT", "s3.amazonaws.com:80"),
    ],
)
def test_a_target_that_is_no_path_is_a_bad_request(
    attacked: Attacked, method: str, target: str
) -> None:
    answer = send(attacked.gateway, target, method=method)
    assert (answer.status, answer.json()) == (400, {"message": "Bad Request"})


@pytest.mark.parametrize(
    "credential",
    [
        "X-Amz-Credential=111111111111/20260101/us-east-1/lambda/aws4_request",
        "x-amz-credential=111111111111/20260101/eu-west-1/lambda/aws4_request",
        "%58-Amz-Credential=111111111111",
        "%41WSAccessKeyId=111111111111",
        "AWSAccessKeyId=111111111111&X-Amz-Credential=111111111111",
    ],
)
def test_no_query_leads_past_the_api(attacked: Attacked, credential: str) -> None:
    answer = send(attacked.gateway, f"/blogs?limit=2&{credential}&tag=a%26b&tag")
    assert answer.headers["x-answered-by"] == "function", answer
    assert answer.json()["rawQueryString"] == "limit=2&tag=a%26b&tag"


@pytest.mark.parametrize("path", ["/blogs", "/_ministack/health", "/2015-03-31/functions"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "s3.amazonaws.com",
        "bucket.s3.amazonaws.com",
        "bucket.localhost",
        "other.execute-api.localhost",
        "00000000.execute-api.localhost",
        "anyone.cloudfront.net",
        "collection.us-east-1.aoss.amazonaws.com",
        "00000000000000000000000000000000.lambda-url.us-east-1.on.aws",
        "iot.us-east-1.amazonaws.com",
        "balancer.alb.localhost",
        "127.0.0.1",
        "[::1]:8000",
    ],
)
def test_no_host_leads_past_the_api(attacked: Attacked, host: str, path: str) -> None:
    answer = send(attacked.gateway, path, host=host)
    assert answer.headers["x-answered-by"] == "function", answer
    event = answer.json()
    assert event["rawPath"] == path
    assert event["headers"]["host"] == f"localhost:{attacked.gateway}"


def test_a_malformed_host_is_logged_like_any_other(attacked: Attacked) -> None:
    answer = send(attacked.gateway, "/malformed?a=b", host="[")
    assert answer.headers["x-answered-by"] == "function"
    deadline = time.monotonic() + 2
    # The entry is written after the answer is sent.
    while attacked.log[-1].path != "/malformed":
        assert time.monotonic() < deadline, attacked.log[-1]
        time.sleep(0.01)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "lines",
    [
        ("X-Amz-Target: DynamoDB_20120810.ListTables",),
        (IN_A_HEADER,),
        (IN_A_HEADER.replace("/lambda/", "/s3/"),),
        (IN_A_HEADER.replace("Credential=test", "Credential=111111111111"),),
        ("Authorization: AWS test:signature",),
        ("X-Amz-Content-Sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD",),
        ("X-Amz-Decoded-Content-Length: 1",),
        ("Content-Encoding: aws-chunked",),
        ("X-Amz-Request-Route: x", "X-Amz-Request-Token: x"),
        ("X-Forwarded-Host: s3.amazonaws.com", "X-Forwarded-Proto: https"),
        ("X-HTTP-Method-Override: DELETE",),
    ],
)
def test_no_header_leads_past_the_api(
    attacked: Attacked, method: str, lines: tuple[str, ...]
) -> None:
    answer = send(attacked.gateway, "/WriteGetObjectResponse", *lines, method=method, body=b"x")
    assert answer.status == 200, answer
    assert answer.headers["x-answered-by"] == "function"
    assert "x-amz-id-2" not in answer.headers
    if method != "HEAD":
        event = answer.json()
        assert event["requestContext"]["accountId"] == "000000000000"
        assert base64.b64decode(event["body"]) == b"x"


def processes_of(emulator: Emulator) -> dict[int, bytes]:
    """Return the command lines of the emulator and its workers."""
    found: dict[int, bytes] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and os.getpgid(int(entry.name)) == emulator.process.pid:
            found[int(entry.name)] = (entry / "cmdline").read_bytes()
    return found


def test_the_secret_is_where_its_owner_alone_can_read_it(attacked: Attacked) -> None:
    secret = attacked.secret.strip("/").encode()
    commands = processes_of(attacked.emulator)
    assert len(commands) > 1
    assert not any(secret in command for command in commands.values())
    assert secret not in Path("/proc/self/cmdline").read_bytes()
    environments = [Path(f"/proc/{pid}/environ") for pid in commands]
    assert all(secret in environment.read_bytes() for environment in environments)
    for path in (attacked.emulator.log.parent, *environments):
        assert path.stat().st_mode & 0o077 == 0, path
        assert path.stat().st_uid == os.getuid(), path


def expect_another_account(endpoint: str) -> None:
    connect(endpoint, REGION, account="123456789012")


def list_users(endpoint: str) -> None:
    UserPool(client("cognito-idp", endpoint), "us-east-1_pool", "dev").find("me@example.com")


def list_groups(endpoint: str) -> None:
    with explain_aws_errors("local"):
        client("logs", endpoint).describe_log_groups()


def seed(endpoint: str) -> None:
    create_samples(f"{endpoint}/_aws/execute-api/api/$default", "me@example.com", "password")


def client(service: Any, endpoint: str) -> Any:
    config = Config(read_timeout=0.1, retries={"total_max_attempts": 1}, proxies={})
    session: Any = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
    return session.client(service, endpoint_url=endpoint, config=config)


@pytest.mark.parametrize(
    ("call", "port"),
    [
        (expect_another_account, "emulator"),
        (list_users, "closed"),
        (list_users, "silent"),
        (list_groups, "silent"),
        (seed, "closed"),
    ],
)
def test_no_message_shows_the_secret(
    attacked: Attacked,
    call: Callable[[str], None],
    port: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ports = {
            "emulator": attacked.port,
            "closed": free_port(),
            "silent": silent.getsockname()[1],
        }
        with pytest.raises(PortfolioError) as refusal:
            call(f"http://127.0.0.1:{ports[port]}{attacked.secret}")
    terminal = Terminal()
    for show in (terminal.say, terminal.step, terminal.note, terminal.warn, terminal.fail):
        show(str(refusal.value))
    printed = "".join(capsys.readouterr())
    assert printed.count(str(ports[port])) >= 5
    assert attacked.secret not in printed


def test_no_description_shows_the_secret(attacked: Attacked) -> None:
    running = RunningStage(8000, attacked.emulator.endpoint, REGION, {})
    assert attacked.secret not in f"{attacked.emulator} {attacked.clients} {running}"


def test_the_announcement_of_a_stage_is_its_owners_alone(attacked: Attacked) -> None:
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent) / "running"
        # As earlier versions of this project left it.
        folder.mkdir(mode=0o755)
        stage = RunningStage(
            8000, attacked.emulator.endpoint, REGION, {}, None, "http://localhost:8001/x", "secret"
        )
        with announce(stage, folder):
            write_link(f"{stage.status_link}", folder)
            file, link = sorted(folder.iterdir())
            assert attacked.secret in file.read_text()
            assert "http://localhost:8001/x/enter/" in link.read_text()
            modes = [each.stat().st_mode & 0o777 for each in (folder, file, link)]
            assert modes == [0o700, 0o600, 0o600]
        assert list(folder.iterdir()) == []


if os.geteuid() == 0:  # Only root can become another user.

    def test_another_user_can_read_nothing(attacked: Attacked) -> None:
        processes = [f"/proc/{pid}/environ" for pid in processes_of(attacked.emulator)]
        for file in (attacked.emulator.log, *processes):
            read = subprocess.run(["cat", file], user=65534, capture_output=True, check=False)
            assert (read.returncode, read.stdout) == (1, b""), file
            assert b"Permission denied" in read.stderr
