"""`portfolio outputs` and `portfolio open`."""

import json
import webbrowser
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from infra.errors import StackError
from infra.paths import PROJECT
from portfolio.console.pages import Page, page_address
from portfolio.stage_access import StageAccess
from tests.commands import run_command

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

OUTPUTS = {
    "api_url": "https://api.example.com",
    "function_name": f"development-{PROJECT}",
    "log_group": f"/aws/lambda/development-{PROJECT}",
}
CONSOLE = "https://eu-west-1.console.aws.amazon.com"
CLOUDWATCH = f"{CONSOLE}/cloudwatch/home?region=eu-west-1"
LOG_GROUP = f"$252Faws$252Flambda$252Fdevelopment-{PROJECT}"
"""The log group's name, escaped for the console."""


def deployed(*, is_production: bool = False) -> StageAccess:
    return StageAccess(
        stack="dev",
        is_production=is_production,
        table_name=f"development-{PROJECT}-table",
        _session=boto3.Session(region_name="eu-west-1"),
        _endpoint=None,
        _read_outputs=lambda: OUTPUTS,
    )


def local(served: "ServedStage") -> tuple[str, ...]:
    return "--stack", "local", "--port", str(served.port)


def install_browser(monkeypatch: pytest.MonkeyPatch, opened: list[str], *, works: bool) -> None:
    """Let Python open addresses in a list."""

    def open_address(address: str) -> bool:
        opened.append(address)
        return works

    monkeypatch.setattr(webbrowser, "open", open_address)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (Page.API, "https://api.example.com"),
        (Page.DOCS, "https://api.example.com/docs"),
        (
            Page.DASHBOARD,
            f"{CLOUDWATCH}#dashboards/dashboard/development-{PROJECT}",
        ),
        (
            Page.FUNCTION,
            f"{CONSOLE}/lambda/home?region=eu-west-1#/functions/development-{PROJECT}",
        ),
        (
            Page.LOGS,
            f"{CLOUDWATCH}#logsV2:log-groups/log-group/{LOG_GROUP}",
        ),
        (Page.TRACES, f"{CLOUDWATCH}#xray:traces/query"),
    ],
)
def test_the_pages_of_a_stage_in_aws(page: Page, address: str) -> None:
    assert page_address(deployed(), page) == address


def test_production_has_no_docs() -> None:
    with pytest.raises(Exception, match="dev is production, which serves no docs"):
        page_address(deployed(is_production=True), Page.DOCS)


def test_a_page_is_opened_in_the_browser(
    local_stage: "ServedStage", monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    install_browser(monkeypatch, opened, works=True)
    result = run_command("open", "docs", *local(local_stage))
    assert (result.code, result.out) == (0, f"{local_stage.url}/docs\n")
    assert opened == [f"{local_stage.url}/docs"]


def test_without_a_browser_the_address_is_printed_with_a_warning(
    local_stage: "ServedStage", monkeypatch: pytest.MonkeyPatch
) -> None:
    install_browser(monkeypatch, [], works=False)
    assert "use the address above" in run_command("open", *local(local_stage)).printed
    printed = run_command("open", "--print", *local(local_stage))
    assert printed.printed == f"{local_stage.url}\n"


def test_a_page_of_aws_is_refused_for_the_local_stage(local_stage: "ServedStage") -> None:
    result = run_command("open", "logs", *local(local_stage))
    assert (result.code, result.err) == (
        1,
        "error: The local stage has no page logs in AWS: use portfolio logs --stack local.\n",
    )


def test_only_the_local_stage_has_a_status_page(local_stage: "ServedStage") -> None:
    printed = run_command("open", "status", "--print", *local(local_stage))
    assert printed.out.startswith(f"{local_stage.status_url}/enter/")
    with pytest.raises(Exception, match="use portfolio open dashboard --stack dev"):
        page_address(deployed(), Page.STATUS)


def test_one_output_is_printed_alone(local_stage: "ServedStage") -> None:
    printed = run_command("outputs", "api_url", *local(local_stage))
    assert (printed.code, printed.out) == (0, f"{local_stage.url}\n")


@pytest.mark.parametrize(
    ("name", "told"),
    [("nope", "nope. The"), ("log-grp", "log-grp: did you mean log_group? The")],
)
def test_an_unknown_output_is_answered_with_the_known_ones(
    local_stage: "ServedStage", name: str, told: str
) -> None:
    result = run_command("outputs", name, *local(local_stage))
    known = ", ".join([*local_stage.stage.outputs, "status_url"])
    assert (result.code, result.out) == (1, "")
    assert result.err == f"error: The stack local has no output {told} outputs are {known}.\n"


@pytest.mark.parametrize(
    ("stack", "step"),
    [("dev", "deploy it with pulumi up -s dev"), ("local", "start it again with make up")],
)
def test_a_stage_without_outputs_needs_a_deployment_or_a_new_start(stack: str, step: str) -> None:
    stage = replace(deployed(), stack=stack, _read_outputs=dict)
    told = f"The stack {stack} has no output api_url: {step}."
    with pytest.raises(StackError, match=f"^{told}$"):
        stage.chosen_output("api_url")


def test_the_browsers_command_line_has_no_link_to_the_status_page(
    local_stage: "ServedStage", monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    install_browser(monkeypatch, opened, works=True)
    link = run_command("open", "status", *local(local_stage)).out.strip()
    (address,) = opened
    file = Path(address.removeprefix("file://"))
    assert f'content="0; url={link}"' in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_outputs_are_a_table_or_json(local_stage: "ServedStage") -> None:
    table = run_command("outputs", *local(local_stage))
    assert table.code == 0
    assert local_stage.url in table.out
    printed = json.loads(run_command("outputs", "--json", *local(local_stage)).out)
    assert printed == {
        **local_stage.stage.outputs,
        "api_url": local_stage.url,
        "status_url": local_stage.status_url,
    }
