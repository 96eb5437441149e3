"""`portfolio preview up`: what it makes, and what it says of it."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.real.engine.resources import API, FUNCTION, TABLE, USER_POOL
from tests.real.previews.preview_account import PreviewAccount

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
DOMAIN = "aws:apigatewayv2/domainName:DomainName"


def test_everything_of_a_preview_tells_its_pull_request(deployed: PreviewAccount) -> None:
    tagged = [each for each in deployed.account.resources if "tags" in each.inputs]
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


def test_a_preview_has_no_domain_and_the_exact_origins_of_its_settings(
    deployed: PreviewAccount,
) -> None:
    assert deployed.account.of_type(DOMAIN) == []
    origins = {
        tuple(each.inputs["corsConfiguration"]["allowOrigins"])
        for each in deployed.account.of_type(API.token)
    }
    assert origins == {("https://preview.patrickcmd.dev", "http://localhost:5173")}


def test_the_summary_has_the_address_and_what_holds_data_first(empty: PreviewAccount) -> None:
    printed = empty.portfolio("up", "7").summary
    url = re.search(
        r"^\*\*(https://\S+/v1)\*\* · \[documentation\]\(\1/docs\)$", printed, re.MULTILINE
    )
    assert url, printed
    assert printed.startswith("### Preview `pr-7`\n")
    rows = re.findall(
        r"^\| created \| `[^`]+` \((\S+)\)( · \*\*holds data\*\*)? \|$", printed, re.MULTILINE
    )
    assert f"<summary>{len(rows)} created</summary>" in printed
    of_data = [token for token, mark in rows if mark]
    assert of_data == [token for token, _ in rows][: len(of_data)]
    assert {TABLE.token, USER_POOL.token} <= set(of_data)


def test_a_table_that_is_replaced_stands_before_all_else(own_account: PreviewAccount) -> None:
    own_account.portfolio("up", "7")
    file = own_account.checkout / "infra" / "components" / "table.py"
    own = '_HASH_KEY: Final = "PK"\n_RANGE_KEY: Final = "SK"\n'
    assert own in file.read_text()
    file.write_text(file.read_text().replace(own, '_HASH_KEY, _RANGE_KEY = "SK", "PK"\n'))
    lines = own_account.portfolio("up", "7").summary.splitlines()
    told = [line for line in lines if line][2:6]
    assert told[0] == f"**Data lost:** `{TABLE.name}` ({TABLE.token}) was replaced."
    assert told[1].startswith("<details><summary>1 replaced")
    rows = [line for line in lines if line.startswith("| replaced |")]
    assert rows == [f"| replaced | `{TABLE.name}` ({TABLE.token}) · **holds data** |"]
    assert lines.index(rows[0]) == min(
        number for number, line in enumerate(lines) if "aws:" in line and line.startswith("|")
    )


def test_up_again_changes_nothing(previews: PreviewAccount) -> None:
    assert "Nothing changed." in previews.portfolio("up", "12").summary
    assert previews.account.calls == []


def test_the_zip_stands_beside_that_of_the_base(
    previews: PreviewAccount, checkout: Path, tmp_path: Path
) -> None:
    file = tmp_path / "summary.md"
    printed = previews.portfolio("up", "12", "--summary", str(file), base="HEAD").summary
    assert printed.strip() == file.read_text().strip()
    assert "| package | `HEAD` | here | change |" in printed
    assert re.search(r"^\| zip \| (\S+ MB) \| \1 \| \+0\.0 % \|$", printed, re.MULTILINE)
    times = r"^\| import \| \d\.\d\d s \| \d\.\d\d s \| [+-]\d+\.\d %"
    assert re.search(times, printed, re.MULTILINE)
    worktrees = subprocess.run(
        ["git", "worktree", "list"], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert len(worktrees.stdout.splitlines()) == 1


def test_the_base_is_main_where_git_knows_it_and_none_where_none_is_wanted(
    previews: PreviewAccount,
) -> None:
    printed = previews.portfolio("up", "12", base=None).summary
    assert "| package | `main` | here | change |" in printed
    printed = previews.portfolio("up", "12").summary
    own = r"^\| package \| here \|\n.*\n\| zip \| \S+ MB \|\n\| import \| \d\.\d\d s \|\n*\Z"
    assert re.search(own, printed, re.MULTILINE), printed


def test_the_summary_says_why_nothing_is_compared(own_account: PreviewAccount) -> None:
    subprocess.run(["git", "branch", "-m", "topic"], cwd=own_account.checkout, check=True)
    printed = own_account.portfolio("up", "7", base=None).summary
    assert "The zip is not compared: git knows neither origin/main nor main here." in printed
    assert "| package | here |" in printed


def test_without_git_a_base_is_refused_and_main_is_left_out(
    empty: PreviewAccount, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(empty.engine.command)
    alone = str(tmp_path / "bin")
    told = empty.portfolio("up", "7", base="HEAD", code=1, PATH=alone).told
    assert told == (
        "error: git is not on PATH: install it, or leave the comparison out (--base none)."
    )
    printed = empty.portfolio("up", "7", base=None, PATH=alone).summary
    assert "The zip is not compared: git is not on PATH." in printed


def test_a_folder_for_the_summary_that_is_not_there_is_told_before_anything_is_made(
    empty: PreviewAccount, tmp_path: Path
) -> None:
    file = tmp_path / "nodir" / "summary.md"
    told = empty.portfolio("up", "7", "--summary", str(file), code=2).told
    assert "is no folder that can be written to." in re.sub(r"[│ ]+", " ", told)
    assert empty.account.resources == []


def test_a_base_that_is_not_there_is_told_before_anything_is_made(empty: PreviewAccount) -> None:
    told = empty.portfolio("up", "7", base="no-such-commit", code=1).told
    assert "error: --base no-such-commit is no commit here: name one, such as origin/main" in told
    assert empty.account.resources == []


def test_a_base_that_cannot_be_built_fails_no_preview(
    previews: PreviewAccount, checkout: Path
) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    made = subprocess.run(
        ["git", *identity, "commit-tree", "-m", "empty", EMPTY_TREE],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    commit = made.stdout.strip()
    printed = previews.portfolio("up", "12", base=commit).summary
    assert f"The zip is not compared with that of `{commit}`: " in printed
    assert re.search(r"^\| import \| \d\.\d\d s \|$", printed, re.MULTILINE)


def test_up_goes_on_where_it_failed(empty: PreviewAccount) -> None:
    with empty.account.failing("create", *FUNCTION):
        told = empty.portfolio("up", "7", code=1).told
    assert f"AccessDenied: create of {FUNCTION.token} {FUNCTION.name}" in told
    assert "`portfolio preview up 7` goes on from here, `portfolio preview down 7` removes" in told
    assert "created" in empty.portfolio("up", "7").summary
    assert FUNCTION in empty.state("pr-7").resources


@pytest.mark.parametrize("number", ["0", "-3", "dev"])
def test_what_is_no_pull_request_is_refused(deployed: PreviewAccount, number: str) -> None:
    assert "NUMBER" in deployed.portfolio("up", "--", number, code=2).told
