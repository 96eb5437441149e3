"""`portfolio preview sweep` and `list`."""

import re

from tests.real.engine.resource_keys import TABLE
from tests.real.previews.conftest import Deployed
from tests.real.previews.preview_account import PreviewAccount


def test_the_list_has_each_preview_its_last_update_and_its_resources(deployed: Deployed) -> None:
    lines = deployed.account.portfolio("list").out.splitlines()
    rows = [line.strip() for line in lines if line.startswith(" pr-")]
    assert [line.split()[0] for line in rows] == ["pr-12", "pr-13", "pr-15"]
    row = r"pr-\d+ +20\d\d-\d\d-\d\d \d\d:\d\d UTC +\d\d"
    assert all(re.fullmatch(row, line) for line in rows), lines


def test_without_previews_the_list_says_so(empty: PreviewAccount) -> None:
    assert empty.told("list") == "There are no previews."


def test_previews_of_closed_pull_requests_go_and_other_stacks_stay(
    previews: PreviewAccount,
) -> None:
    for name in ("dev", "pr-12a"):
        previews.pulumi("stack", "init", name)
    assert "pr-12: its pull request is not open" in previews.sweep("--open", "13, 99")
    assert previews.environments == {"pr-13"}
    assert previews.stacks == {"pr-13", "dev", "pr-12a"}


def test_a_sweep_goes_on_after_a_failure_and_reports_all(previews: PreviewAccount) -> None:
    (own,) = (each for each in previews.account.of_type(TABLE.token) if "pr-12" in each.id)
    own.inputs["deletionProtectionEnabled"] = True
    told = previews.told(
        *("sweep", "--wait", "0", "--open", "13"),
        code=1,
        # No one foresaw an address like that.
        AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API="nowhere",
    )
    assert "error: 2 of 2 previews could not be deleted: pr-12: " in told
    assert "is protected against deletion" in told
    assert "pr-15: ValueError: Invalid endpoint: nowhere" in told
    assert previews.stacks == {"pr-12", "pr-13", "pr-15"}
    assert previews.environments == {"pr-12", "pr-13"}


def test_a_preview_updated_since_the_sweep_began_stays(previews: PreviewAccount) -> None:
    updated: list[str] = []

    def update() -> None:
        if not updated:
            updated.append("pr-15")
            previews.pulumi("refresh", "--yes", "--skip-preview", "--stack", "pr-15")

    with previews.account.interrupted("delete", *TABLE, update):
        told = previews.sweep("--open", "13")
    assert "pr-15: updated or deleted since the sweep began, so it is skipped" in told
    assert previews.stacks == previews.environments == {"pr-13", "pr-15"}


def test_a_dry_run_prints_only_the_numbers_and_changes_nothing(deployed: Deployed) -> None:
    account = deployed.account
    account.account.calls.clear()
    dry_run = ("sweep", "--dry-run", "--open")
    finished = account.portfolio(*dry_run, "13")
    assert finished.out == "[12,15]\n"
    assert "pr-12: its pull request is not open" in finished.err
    assert account.told(*dry_run, "12,13,15", "--idle", "1d") == "[]"
    assert account.portfolio(*dry_run, "12", "--only", "13").out == "[13]\n"
    assert account.portfolio(*dry_run, "13,15", "--only", "13").out == "[]\n"
    assert account.account.calls == []
    assert account.stacks == {"pr-12", "pr-13", "pr-15"}


def test_idle_previews_are_unused_though_their_pull_requests_are_open(deployed: Deployed) -> None:
    sweep = ("sweep", "--dry-run", "--open", "12,13,15", "--idle", "0m")
    finished = deployed.account.portfolio(*sweep)
    assert finished.out == "[12,13,15]\n"
    assert re.search(
        r"^pr-12: last updated 20\d\d-\d\d-\d\d \d\d:\d\d UTC$", finished.err, re.MULTILINE
    )


def test_a_sweep_that_finds_nothing_says_so(deployed: Deployed) -> None:
    account = deployed.account
    assert account.sweep("--open", "12,13,15", "--idle", "1d") == "Every preview is in use."
    assert account.sweep("--open", "13,15", "--only", "13") == "Nothing to delete."
