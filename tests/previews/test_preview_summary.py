"""What the summary says of an update: data first, and what was lost before all else."""

from pulumi.automation.events import EngineEvent

from portfolio.inspection.commit_comparison import Comparison
from portfolio.inspection.measurements import Measure
from portfolio.previews.resource_changes import Changes
from portfolio.previews.summary import describe_comparison, summarise

URL = "https://abc.execute-api.us-east-1.amazonaws.com/v1"
PROVIDER = "urn:pulumi:pr-7::portfolio-api::pulumi:providers:aws::aws::id"


def step(operation: str, token: str, name: str, provider: str = PROVIDER) -> EngineEvent:
    metadata = {
        "op": operation,
        "urn": f"urn:pulumi:pr-7::portfolio-api::{token}::{name}",
        "type": token,
        "provider": provider,
    }
    content = {"metadata": metadata, "planning": False}
    return EngineEvent.from_json({"sequence": 1, "timestamp": 1, "resOutputsEvent": content})


def summary(*events: EngineEvent) -> list[str]:
    changes = Changes()
    for event in events:
        changes.note(event)
    text = summarise("pr-7", {"api_url": URL}, changes, Comparison(Measure(2**20, 0.5)))
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
        step("create", "portfolio-api:components:Table", "table", provider=""),
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
        "| package | here |",
        "| --- | --: |",
        "| zip | 1.0 MB |",
        "| import | 0.50 s |",
    ]


def test_nothing_is_a_change_too() -> None:
    assert summary(step("same", "aws:iam/role:Role", "function"))[2] == "Nothing changed."


def test_what_cannot_be_imported_here_is_compared_by_size() -> None:
    reason = "arm64 does not run on this machine"
    comparison = Comparison(
        Measure(25 * 2**19, None, reason), Measure(10 * 2**20, None, reason), "main"
    )
    assert describe_comparison(comparison).splitlines() == [
        "| package | `main` | here | change |",
        "| --- | --: | --: | --: |",
        "| zip | 10.0 MB | 12.5 MB | +25.0 % |",
        "| import | unknown | unknown |  |",
        "",
        "The import is not timed (`main` and here): arm64 does not run on this machine.",
    ]


def test_a_zip_without_a_base_says_why() -> None:
    comparison = Comparison(Measure(2**20, 0.5), uncompared="git is not on PATH")
    assert describe_comparison(comparison).splitlines()[2:] == [
        "| zip | 1.0 MB |",
        "| import | 0.50 s |",
        "",
        "The zip is not compared: git is not on PATH.",
    ]
