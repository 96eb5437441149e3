"""The summary of an update: lost data first, then resources with data."""

from pulumi.automation.events import EngineEvent

from infra.paths import PROJECT
from portfolio.previews.resource_changes import Changes
from portfolio.previews.summary import summarise

URL = "https://abc.execute-api.us-east-1.amazonaws.com"
PROVIDER = f"urn:pulumi:pr-7::{PROJECT}::pulumi:providers:aws::aws::id"


def step(operation: str, token: str, name: str, provider: str = PROVIDER) -> EngineEvent:
    metadata = {
        "op": operation,
        "urn": f"urn:pulumi:pr-7::{PROJECT}::{token}::{name}",
        "type": token,
        "provider": provider,
    }
    content = {"metadata": metadata, "planning": False}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "resOutputsEvent": content})


def summary(*events: EngineEvent) -> list[str]:
    changes = Changes()
    for event in events:
        changes.note(event)
    text = summarise("pr-7", {"api_url": URL}, changes)
    return [line for line in text.splitlines() if line]


def test_what_holds_data_comes_first_and_lost_data_before_all() -> None:
    assert summary(
        step("create", "aws:lambda/function:Function", "function"),
        step("replace", "aws:dynamodb/table:Table", "table"),
        step("create-replacement", "aws:dynamodb/table:Table", "table"),
        step("delete-replaced", "aws:dynamodb/table:Table", "table"),
        step("delete", "aws:apigatewayv2/route:Route", "api GET /old"),
        step("update", "aws:cognito/userPool:UserPool", "identity"),
        step("same", "aws:iam/role:Role", "function"),
        step("create", f"{PROJECT}:components:Table", "table", provider=""),
    ) == [
        "### Preview `pr-7`",
        f"**{URL}** · [documentation]({URL}/docs)",
        "**Data lost:** `table` (aws:dynamodb/table:Table) was replaced.",
        "<details><summary>1 replaced, 1 deleted, 1 created, 1 updated</summary>",
        "| | resource |",
        "|---|---|",
        "| replaced | `table` (aws:dynamodb/table:Table) · **holds data** |",
        "| updated | `identity` (aws:cognito/userPool:UserPool) · **holds data** |",
        "| deleted | `api GET /old` (aws:apigatewayv2/route:Route) |",
        "| created | `function` (aws:lambda/function:Function) |",
        "</details>",
    ]


def test_without_changes_it_says_so() -> None:
    assert summary(step("same", "aws:iam/role:Role", "function"))[2] == "No resource changed."
