"""`portfolio preview up`: what it makes, and what it says of it."""

import re
from pathlib import Path

from portfolio.local.emulator import Emulator
from src import SITE
from tests.real.engine.resource_keys import API, FUNCTION, TABLE, USER_POOL
from tests.real.previews.conftest import Deployed
from tests.real.previews.preview_account import PreviewAccount, fork_account

DOMAIN = "aws:apigatewayv2/domainName:DomainName"


def test_everything_of_a_preview_tells_its_pull_request(deployed: Deployed) -> None:
    tagged = [each for each in deployed.account.account.resources if "tags" in each.inputs]
    assert {TABLE.token, USER_POOL.token, FUNCTION.token, API.token} <= {
        each.token for each in tagged
    }
    assert {
        (each.inputs["tags"]["environment"], each.inputs["tags"]["pull-request"]) for each in tagged
    } == {
        ("pr-12", "12"),
        ("pr-13", "13"),
        ("pr-15", "15"),
    }


def test_a_preview_has_no_domain_and_the_exact_origins_of_its_settings(deployed: Deployed) -> None:
    account = deployed.account.account
    assert account.of_type(DOMAIN) == []
    origins = {
        tuple(each.inputs["corsConfiguration"]["allowOrigins"])
        for each in account.of_type(API.token)
    }
    fixed = (f"https://preview.{SITE}", "http://localhost:5173")
    assert origins == {(f"https://pr-{number}.preview.{SITE}", *fixed) for number in (12, 13, 15)}


def test_the_summary_has_the_address_what_holds_data_first(deployed: Deployed) -> None:
    printed = deployed.summaries[12]
    url = re.search(
        r"^\*\*(https://\S+)\*\* · \[documentation\]\(\1/docs\)$", printed, re.MULTILINE
    )
    assert url, printed
    assert printed.startswith("### Preview `pr-12`\n")
    rows = re.findall(
        r"^\| created \| `[^`]+` \((\S+)\)( · \*\*holds data\*\*)? \|$", printed, re.MULTILINE
    )
    assert f"<summary>{len(rows)} created</summary>" in printed
    of_data = [token for token, mark in rows if mark]
    assert of_data == [token for token, _ in rows][: len(of_data)]
    assert {TABLE.token, USER_POOL.token} <= set(of_data)
    assert printed.endswith("</details>\n")


def test_a_table_that_is_replaced_stands_before_all_else(previews: PreviewAccount) -> None:
    previews.make_otherwise("pr-12", TABLE, {"hashKey": "SK", "rangeKey": "PK"})
    lines = previews.up(12).splitlines()
    told = [line for line in lines if line][2:6]
    assert told[0] == f"**Data lost:** `{TABLE.name}` ({TABLE.token}) was replaced."
    assert told[1].startswith("<details><summary>1 replaced")
    rows = [line for line in lines if line.startswith("| replaced |")]
    assert rows == [f"| replaced | `{TABLE.name}` ({TABLE.token}) · **holds data** |"]
    assert lines.index(rows[0]) == min(
        number for number, line in enumerate(lines) if "aws:" in line and line.startswith("|")
    )


def test_up_again_changes_nothing(previews: PreviewAccount) -> None:
    assert "No resource changed." in previews.up(12)
    assert previews.account.calls == []


def test_the_summary_is_written_to_a_file_too(
    previews: PreviewAccount, checkout: Path, tmp_path: Path
) -> None:
    file = tmp_path / "summary.md"
    printed = previews.type(checkout, "up", "12", "--summary", str(file)).out
    assert printed.startswith("### Preview `pr-12`\n")
    assert printed == file.read_text()


def test_a_preview_half_made_goes_on_or_is_taken_down(
    empty: PreviewAccount, checkout: Path, emulator: Emulator, tmp_path: Path
) -> None:
    with empty.account.failing("create", *FUNCTION):
        finished = empty.type(checkout, "up", "7", code=1)
    told = " ".join(finished.printed.split())
    assert f"AccessDenied: create of {FUNCTION.token} {FUNCTION.name}" in told
    assert (
        "Continue with `portfolio preview up 7`, or delete them with `portfolio preview down 7`."
        in told
    )
    assert TABLE in empty.state("pr-7").resources
    with fork_account(empty, tmp_path / "copy", emulator) as copy:
        assert "pr-7 is gone." in copy.down(7)
        assert (copy.account.resources, copy.stacks) == ([], set())
    assert "created" in empty.up(7)
    assert FUNCTION in empty.state("pr-7").resources


def test_an_up_that_was_killed_while_making_a_table_goes_on(
    empty: PreviewAccount, checkout: Path
) -> None:
    with empty.account.interrupted("create", *TABLE, lambda: empty.kill("pr-7"), moment="after"):
        empty.type(checkout, "up", "7", code=-9)
    assert TABLE not in empty.state("pr-7").resources
    empty.pulumi("cancel", "--yes", "--stack", "pr-7")
    assert "### Preview `pr-7`" in empty.up(7)
    assert empty.state("pr-7").pending == []
    assert len(empty.account.of_type(TABLE.token)) == 1
