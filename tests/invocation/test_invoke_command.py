"""`portfolio invoke` and `portfolio event` as users type them, on a local stage."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.components.names import LIVE
from portfolio.local.running_stages import announce
from tests.commands import Result, run_command

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

FUNCTION = """
def handler(event, context):
    if "fail" in event:
        raise ValueError(event["fail"])
    return event
"""
POST = {"title": "Written by invoke", "content": "A text."}


@pytest.fixture
def port(local_stage: "ServedStage") -> str:
    return str(local_stage.port)


@pytest.fixture
def other_function(local_stage: "ServedStage") -> Iterator[str]:
    """The port of a stage whose function returns its event, or fails."""
    from portfolio.local.emulator import free_port  # noqa: PLC0415 - an HTTP client

    functions, name = local_stage.stage.code.clients.functions, "other-function"
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("other.py", FUNCTION)
    live = local_stage.stage.code.function
    functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Handler="other.handler",
        Role=functions.get_function_configuration(FunctionName=live).get("Role", ""),
        Code={"ZipFile": code.getvalue()},
        Publish=True,
    )
    functions.create_alias(FunctionName=name, Name=LIVE, FunctionVersion="1")
    outputs = local_stage.running.outputs | {"function_name": name}
    stage = replace(local_stage.running, port=free_port(), outputs=outputs)
    with announce(stage):
        yield str(stage.port)
    functions.delete_function(FunctionName=name)


def invoke(port: str, *arguments: str, typed: str = "") -> Result:
    return run_command("invoke", *arguments, "--port", port, typed=typed)


def test_the_body_is_the_result_and_the_status_is_a_note(port: str) -> None:
    result = invoke(port, "get", "/blogs?limit=1")
    assert result.code == 0
    assert json.loads(result.out)["count"] == 1
    status, phrase, *_, request_id = result.err.split()
    assert (status, phrase, len(request_id)) == ("200", "OK", 36)


def test_a_refusal_is_shown_and_the_exit_code_is_one(port: str) -> None:
    result = invoke(port, "POST", "/blogs", "--body", "{}")
    assert result.code == 1
    assert json.loads(result.out)["error"] == "Unauthorized"
    assert result.err.startswith("401 Unauthorized  ")


@pytest.mark.parametrize("options", [(), ("--direct",)])
def test_the_owner_writes_without_a_password(
    port: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    body = tmp_path / "post.json"
    body.write_text(json.dumps(POST))
    created = invoke(port, "POST", "/blogs", "--as", "owner", "--body", f"@{body}", *options)
    assert created.code == 0
    post: dict[str, Any] = json.loads(created.out)
    assert post["title"] == POST["title"]
    deleted = invoke(port, "DELETE", f"/blogs/{post['id']}", "--as", "owner", *options)
    assert (deleted.code, deleted.out) == (0, "")
    assert deleted.err.startswith("204 No Content  ")


def test_a_user_signs_in_with_a_password_from_standard_input(
    port: str, local_stage: "ServedStage"
) -> None:
    owner = local_stage.stage.owner
    call = ("GET", "/auth/me", "--as", owner.email, "--password-stdin")
    result = invoke(port, *call, typed=f"{owner.password}\n")
    assert json.loads(result.out)["email"] == owner.email
    refused = invoke(port, *call, typed="wrong\n")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(f"error: {owner.email} cannot sign in to local: ")


def test_a_printed_event_can_be_sent_to_the_function(port: str, tmp_path: Path) -> None:
    printed = run_command("event", "GET", "/blogs?limit=1")
    assert (printed.code, printed.err) == (0, "")
    file = tmp_path / "event.json"
    file.write_text(printed.out)
    result = invoke(port, "--direct", "--event", str(file))
    assert result.code == 0
    assert json.loads(result.out)["count"] == 1
    assert json.loads(printed.out)["requestContext"]["requestId"] in result.err


def test_results_and_errors_of_another_function_are_shown(
    other_function: str, tmp_path: Path
) -> None:
    file = tmp_path / "event.json"
    file.write_text('{"a": 1}')
    result = invoke(other_function, "--direct", "--event", str(file))
    assert (result.code, json.loads(result.out), result.err) == (0, {"a": 1}, "")

    file.write_text('{"fail": "on purpose"}')
    result = invoke(other_function, "--direct", "--event", str(file))
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "error: The function failed: on purpose. See portfolio logs --stack local.\n"
    )


def test_an_event_is_as_aws_sends_it() -> None:
    printed = run_command("event", "put", "/blogs/a%20b?c=d%20e", "--body", "@-", typed="é")
    event: dict[str, Any] = json.loads(printed.out)
    assert (event["rawPath"], event["rawQueryString"]) == ("/blogs/a b", "c=d%20e")
    assert event["requestContext"]["http"]["method"] == "PUT"
    assert (event["body"], event["headers"]["content-length"]) == ("é", "2")
    assert event["headers"]["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        ((), 2, "The request is missing: pass METHOD and PATH"),
        (("GET",), 2, "The request is missing: pass METHOD and PATH"),
        (("--event", "x"), 2, "--event is for the function itself: add --direct."),
        (("GET", "/", "--direct", "--event", "x"), 2, "Use either --event or a request"),
        (
            ("--direct", "--event", "/nowhere"),
            1,
            "/nowhere cannot be read: No such file",
        ),
        (("--direct", "--event", "{file}"), 1, "{file} is not JSON: "),
        (
            ("GET", "/", "--body", "@/nowhere"),
            1,
            "/nowhere cannot be read: No such file",
        ),
    ],
)
def test_a_wrong_option_is_one_clear_line(
    tmp_path: Path, arguments: tuple[str, ...], code: int, error: str
) -> None:
    file = tmp_path / "file"
    file.write_text("{")
    result = run_command("invoke", *(each.replace("{file}", str(file)) for each in arguments))
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(f"error: {error.replace('{file}', str(file))}")
    assert result.err.count("\n") == 1


def test_a_path_without_a_slash_is_refused() -> None:
    result = run_command("invoke", "GET", "blogs")
    assert result.code == 2
    assert "blogs does not start with /" in result.printed


def test_a_stage_that_does_not_run_is_named() -> None:
    result = run_command("invoke", "GET", "/blogs", "--port", "1")
    assert result.code == 1
    assert result.err == (
        "error: make up is not running on port 1: start it in another terminal.\n"
    )
