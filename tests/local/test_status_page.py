"""The status page of a running local stage, as HTML."""

import asyncio
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any, Final

import boto3
import httpx
import pytest

from portfolio.local.clients import EmulatorClients
from portfolio.local.emulator import free_port
from portfolio.local.function_code import FunctionCode
from portfolio.local.gateway import AccessLogEntry
from portfolio.local.status.app import create_status_app
from portfolio.local.status.recent_requests import KEPT, RecentRequests
from portfolio.logs.app_lines import parse_app_line

if TYPE_CHECKING:
    from portfolio.local.stage import LocalStage
    from tests.local_stage import ServedStage

HOSTILE: Final = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>\u202e\x1b[2J"
SHOWN: Final = HOSTILE.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b")
PAGES: Final = ("/", "/routes", "/requests", "/table", "/users", "/package", "/role")


@pytest.fixture
def status(local_stage: "ServedStage") -> Iterator[httpx.Client]:
    with httpx.Client(base_url=local_stage.status_url, timeout=35, trust_env=False) as client:
        client.get(local_stage.status_link).raise_for_status()
        yield client


def show(stage: "LocalStage", path: str, recent: RecentRequests) -> httpx.Response:
    """Return a page of a stage without a server, with requests of a test."""
    app = create_status_app(stage, "http://localhost:8000", recent)

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8001") as own:
            return await own.get(path)

    return asyncio.run(get())


def entry(path: str, status: int = 200) -> AccessLogEntry:
    now = datetime.now(UTC)
    return AccessLogEntry(now, now, str(uuid.uuid4()), "GET", path, status, 3.4)


def text_of(page: httpx.Response) -> str:
    """Return the text of a page, without its markup."""
    assert page.status_code == 200, page.text
    return unescape(re.sub("<[^>]*>", " ", page.text))


def links_of(page: httpx.Response) -> set[str]:
    """Return the links to other pages, without the path before all of them."""
    root = re.match("/[^/]+", page.request.url.path)
    assert root
    links = {unescape(each) for each in re.findall(r'href="(/[^"]*)"', page.text)}
    assert all(each.startswith(f"{root[0]}/") for each in links), links
    return {each.removeprefix(root[0]) for each in links}


def assert_harmless(page: httpx.Response) -> None:
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert SHOWN in text_of(page)


def wait_for_text(status: httpx.Client, path: str, wanted: str) -> str:
    deadline = time.monotonic() + 20
    while wanted not in (shown := text_of(status.get(path))):
        assert time.monotonic() < deadline, shown
        time.sleep(0.1)
    return shown


def test_every_link_leads_to_a_page_without_scripts_and_secrets(
    status: httpx.Client, stage: "LocalStage"
) -> None:
    name = stage.outputs["function_name"]
    function: Any = stage.code.clients.functions.get_function_configuration(FunctionName=name)
    secrets = [
        stage.owner.password,
        stage.emulator.endpoint.rpartition("/")[2],
        function["Environment"]["Variables"]["SESSION_KEY"],
    ]
    seen: set[str] = set()
    waiting = {"/", "/table?prefix=visitor"}
    while waiting - seen:
        path = min(waiting - seen)
        seen.add(path)
        page = status.get(path)
        assert page.status_code == 200, path
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert not [secret for secret in secrets if secret in page.text], path
        assert not re.search(r"<script|\sstyle=|\son\w+=", page.text), path
        if path != "/table":
            # One of the partitions is enough.
            waiting |= links_of(page)
    assert {*PAGES, "/style.css", "/icon.svg"} <= seen


def test_the_resources_are_those_of_the_stage(status: httpx.Client, stage: "LocalStage") -> None:
    shown = text_of(status.get("/"))
    names = ("function_name", "table_name", "user_pool_id", "log_group", "access_log_group")
    assert all(stage.outputs[name] in shown for name in names)
    assert "sign-up off" in shown
    assert "saved log queries" in shown


def test_the_routes_say_who_may_call_them(
    status: httpx.Client, stage: "LocalStage", guarded_stage: "ServedStage"
) -> None:
    rows = re.findall(r"<tr>.*?</tr>", status.get("/routes").text, re.DOTALL)
    routes = {" ".join(re.findall(r"<td[^>]*>(.*?)</td>", row)[:2]): row for row in rows}
    assert "guarded" in routes["PUT /blogs/{id}"]
    assert "the owner" in routes["PUT /blogs/{id}"]
    assert "users with a token" in routes["GET /auth/me"]
    assert "a token is optional" in routes["GET /blogs"]
    assert "guarded" not in routes["GET /health"]
    assert "gateway and function" not in str(routes)
    failing = show(replace(stage, api_base=f"{stage.api_base}/x"), "/routes", RecentRequests())
    assert failing.status_code == 503
    assert "GET /openapi.json has the status 404" in failing.text
    behind = text_of(show(guarded_stage.stage, "/routes", RecentRequests()))
    assert behind.count("gateway and function") == str(routes).count("guarded")


def test_a_request_is_listed_with_its_answer(
    local_stage: "ServedStage", status: httpx.Client
) -> None:
    path = f"/blogs/{uuid.uuid4()}"
    request_id = httpx.get(local_stage.url + path).headers["x-request-id"]
    shown = wait_for_text(status, "/requests", path)
    assert re.search(rf"404\s+GET\s+{path}\s+\d+ ms\s+\S+\s+{request_id[:8]}", shown)
    assert "refresh" not in status.get("/requests").text
    assert 'http-equiv="refresh" content="2"' in status.get("/requests?reload=1").text


def test_log_lines_are_below_their_request_and_the_oldest_request_is_dropped(
    stage: "LocalStage",
) -> None:
    recent = RecentRequests()
    recent.add(entry("/oldest"), [])
    for number in range(KEPT - 1):
        recent.add(entry(f"/{number}/{HOSTILE}", 500), [parse_app_line(f"printed {HOSTILE}")])
    page = show(stage, "/requests", recent)
    assert_harmless(page)
    assert page.text.index(f"/{KEPT - 2}/") < page.text.index("/0/") < page.text.index("/oldest")
    assert f"printed {SHOWN}" in text_of(page)
    recent.add(entry("/newest"), [])
    assert "/oldest" not in show(stage, "/requests", recent).text


def test_the_table_has_partitions_with_their_items(
    status: httpx.Client, stage: "LocalStage"
) -> None:
    table, client = stage.outputs["table_name"], stage.code.clients.dynamodb
    partition = f"aaa#{uuid.uuid4()}#{HOSTILE}"
    keys = [{"PK": {"S": partition}, "SK": {"S": f"{number:02}"}} for number in range(51)]
    for key in keys:
        client.put_item(TableName=table, Item={**key, "text": {"S": f"{HOSTILE}{'x' * 2_000}"}})
    last: Any = {"numbers": {"NS": ["2", "1.50"]}, "map": {"M": {"b": {"B": b"\x00"}}}}
    client.put_item(TableName=table, Item={**keys[-1], **last})
    try:
        partitions = status.get("/table", params={"prefix": "aaa#"})
        assert_harmless(partitions)
        (link,) = (each for each in links_of(partitions) if each.startswith("/table?partition="))
        items = status.get(link)
        assert_harmless(items)
        assert f"… and {len(HOSTILE)} characters more" in text_of(items)
        (following,) = (each for each in links_of(items) if each.endswith("after=49"))
        rest = text_of(status.get(following))
        assert re.search(r"numbers\s+NS\s+\[\s+\"1.5\",\s+\"2\"\s+\]", rest)
        assert re.search(r"map\s+M\s+\{\s+\"b\": \"AA==\"\s+\}", rest)
        assert "Next items" not in rest
    finally:
        for key in keys:
            client.delete_item(TableName=table, Key=key)
    assert "This partition has no items" in text_of(status.get("/table?partition=none"))


def test_mails_of_cognito_are_below_the_users(
    local_stage: "ServedStage", status: httpx.Client
) -> None:
    stage = local_stage.stage
    cognito, pool = stage.code.clients.cognito, stage.outputs["user_pool_id"]
    before = text_of(status.get("/users"))
    assert stage.owner.email in before
    email = f"{uuid.uuid4()}@example.com"
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=email,
        UserAttributes=[{"Name": "email", "Value": email}],
        TemporaryPassword="A-temporary-<b>1",
    )
    try:
        page = status.get("/users")
        assert "temporary password is A-temporary-<b>1" in text_of(page)
        assert "<b>" not in page.text
        assert text_of(page).count(email) == 3
    finally:
        cognito.admin_delete_user(UserPoolId=pool, Username=email)


def test_the_package_is_a_picture_by_distribution(
    status: httpx.Client, stage: "LocalStage"
) -> None:
    page = status.get("/package")
    shares = [float(each) for each in re.findall(r'<rect width="([\d.]+)"', page.text)]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(100, abs=2)
    names = re.findall(r'<th scope="row" class="name">(.*?)</th>', page.text)
    assert {"our code", "pydantic_core", "python-jose", "typing_extensions"} <= set(names)
    # Every other name has a version: it is a distribution of the zip.
    assert len(re.findall(r"<td>\d[\w.]*</td>", page.text)) == len(names) - 1
    broken = replace(stage, package=replace(stage.package, path=stage.package.path / "missing"))
    assert show(broken, "/package", RecentRequests()).status_code == 503


@pytest.mark.parametrize("path", ["/", "/routes", "/users", "/table"])
def test_without_the_emulator_a_page_says_so_and_keeps_the_secret(
    stage: "LocalStage", path: str
) -> None:
    secret = "s" * 43
    endpoint = f"http://127.0.0.1:{free_port()}/{secret}"
    clients = EmulatorClients(endpoint, "us-east-1", boto3.Session("a", "b"))
    stopped = replace(
        stage,
        emulator=replace(stage.emulator, endpoint=endpoint),
        api_base=f"{endpoint}/api",
        code=FunctionCode(clients, "x"),
    )
    page = show(stopped, path, RecentRequests())
    assert page.status_code == 503
    assert "This page cannot be shown" in page.text
    assert secret not in page.text
