"""Attacks by a page in Chromium on the servers of a local stage.

The page tries all that a page can do: requests of each method and type, parts of a page, a form,
a beacon, a WebSocket and events. A second attack reaches the servers by a name of the attacker
that leads to this machine (DNS rebinding).
"""

import base64
import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.backend.loopback import run_loopback_server
from tests.local.debug_process import message_that_writes, run_debugged_process
from tests.local.test_emulator_attack import pack
from tests.real.browser.debugger import Browser, run_browser

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

ATTACKER: Final = "attacker.example"
"""A name that leads to this machine."""

MARK: Final = str(uuid.uuid4())
"""The name of everything that the attacks try to make."""

FUNCTION: Final = {
    "FunctionName": MARK,
    "Runtime": "python3.12",
    "Handler": "code.handler",
    "Role": "arn:aws:iam::000000000000:role/portfolio-local",
    "Code": {"ZipFile": base64.b64encode(pack("def handler(*_): pass")).decode()},
}
POST: Final = {"title": MARK, "content": MARK}
SIGNED: Final = {
    "X-Amz-Target": "DynamoDB_20120810.PutItem",
    "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request",
}
"""The headers of an AWS client."""

type Target = dict[str, str]
"""The URL and body of an attack."""


@dataclass(frozen=True)
class Attacked:
    """The servers of a local stage, and a browser that has its status page open."""

    served: "ServedStage"
    debug_port: int
    browser: Browser
    folder: Path
    """A folder for files that the attacks try to write."""

    @property
    def emulator(self) -> str:
        """The emulator's address without its secret, as an attacker can find it."""
        return f"http://127.0.0.1:{urlsplit(self.served.stage.emulator.endpoint).port}"

    def targets(self) -> list[Target]:
        """The attacks on all servers."""
        table = self.served.stage.outputs["table_name"]
        item = {"TableName": table, "Item": {"PK": {"S": MARK}, "SK": {"S": MARK}}}
        port = self.debug_port
        return [
            make_target(f"{self.emulator}/", item),
            make_target(f"{self.emulator}/2015-03-31/functions", FUNCTION),
            make_target(f"{self.served.url}/blogs", POST),
            make_target(f"{self.served.status_url}/table", {}),
            {
                "url": f"http://localhost:{port}/",
                "body": message_that_writes(self.folder / MARK).decode(),
            },
        ]

    def expect_nothing_done(self) -> None:
        stage = self.served.stage
        clients, table = stage.code.clients, stage.outputs["table_name"]
        functions = clients.functions.list_functions()["Functions"]
        assert MARK not in {function.get("FunctionName") for function in functions}
        key: Any = {"PK": {"S": MARK}, "SK": {"S": MARK}}
        assert "Item" not in clients.dynamodb.get_item(TableName=table, Key=key)
        assert MARK not in httpx.get(f"{self.served.url}/blogs", timeout=35).text
        assert list(self.folder.iterdir()) == []


def make_target(url: str, body: object) -> Target:
    return {"url": url, "body": json.dumps(body)}


@pytest.fixture(scope="module")
def attacked(
    tmp_path_factory: pytest.TempPathFactory, local_stage: "ServedStage"
) -> Iterator[Attacked]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not on PATH")
    folder = tmp_path_factory.mktemp("written")
    output = tmp_path_factory.mktemp("debugged") / "output"
    with run_debugged_process(output) as port, run_browser(program, ATTACKER) as browser:
        browser.open(local_stage.status_link, width=1200)
        browser.wait_for_address(f"{local_stage.status_url}/")
        yield Attacked(local_stage, port, browser, folder)


@pytest.fixture(scope="module")
def page() -> Iterator[str]:
    """The address of the attacker's page, on another port of localhost."""
    with run_loopback_server() as server:
        server.body = Path(__file__).with_name("attack.html").read_bytes()
        server.headers = {"Content-Type": "text/html; charset=utf-8"}
        yield f"http://localhost:{urlsplit(server.url).port}/"


def attack(browser: Browser, page: str, targets: list[Target]) -> list[list[str]]:
    """Open the page, and return the way, URL and answer of each attack that succeeded."""
    # The same address with another fragment would not load the page again.
    browser.open("about:blank", width=1200)
    browser.open(f"{page}#{quote(json.dumps(targets))}", width=1200)
    return json.loads(browser.wait_for("document.querySelector('#seen').textContent"))


def test_a_page_reads_and_changes_nothing(attacked: Attacked, page: str) -> None:
    assert attack(attacked.browser, page, attacked.targets()) == []
    attacked.expect_nothing_done()
    # The browser has the cookie of the status page, which the page could not use.
    attacked.browser.open(f"{attacked.served.status_url}/table", width=1200)
    assert "Partitions" in attacked.browser.evaluate("document.body.innerText")


def test_the_same_page_reads_its_own_server(attacked: Attacked, page: str) -> None:
    seen = attack(attacked.browser, page, [make_target(page, {})])
    ways = {"fetch GET cors", "fetch POST cors", "xhr", "script", "iframe", "object", "form"}
    assert ways <= {way for way, _, _ in seen}


def test_a_name_that_leads_to_this_machine_reads_and_changes_nothing(attacked: Attacked) -> None:
    # The API is public and answers for any name; the debugger's port answers no browser.
    open_to_all = (attacked.served.url, f"http://localhost:{attacked.debug_port}")
    targets = [each for each in attacked.targets() if not each["url"].startswith(open_to_all)]
    assert len(targets) == 3
    for target in targets:
        browser, url = attacked.browser, urlsplit(target["url"])
        address = f"http://{ATTACKER}:{url.port}{url.path}"
        browser.open(address, width=1200)
        shown = browser.evaluate("document.body.innerText")
        assert MARK not in shown
        assert "Partitions" not in shown
        # A page of this origin: the browser sends no preflight, and lets it read.
        sent = {"method": "POST", "body": target["body"], "headers": SIGNED}
        call = f"fetch({json.dumps(address)}, {json.dumps(sent)})"
        answer = browser.call(
            "Runtime.evaluate",
            expression=f"{call}.then((answer) => answer.status, () => 0)",
            awaitPromise=True,
            returnByValue=True,
        )
        assert answer["result"]["value"] in {0, 403}, address
    attacked.expect_nothing_done()
