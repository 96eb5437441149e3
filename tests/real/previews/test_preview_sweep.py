"""`portfolio preview sweep` and `list`."""

import re

import pytest

from tests.real.engine.resources import TABLE
from tests.real.previews.preview_account import PreviewAccount


def test_the_list_has_each_preview_its_last_update_and_its_resources(
    deployed: PreviewAccount,
) -> None:
    lines = deployed.portfolio("list").summary.splitlines()
    assert [line.split()[0] for line in lines] == ["pr-12", "pr-13", "pr-15"]
    row = r"pr-\d+ +20\d\d-\d\d-\d\d \d\d:\d\d UTC +\d\d resources"
    assert all(re.fullmatch(row, line) for line in lines), lines


def test_without_previews_the_list_says_so(empty: PreviewAccount) -> None:
    assert empty.portfolio("list").told == "There is no preview."


def test_previews_of_closed_pull_requests_go(previews: PreviewAccount) -> None:
    assert "pr-12: its pull request is not open" in previews.sweep("--open", "13, 99")
    assert previews.stacks == previews.environments == {"pr-13"}


def test_a_sweep_goes_on_after_a_failure_and_reports_it(previews: PreviewAccount) -> None:
    (own,) = (each for each in previews.account.of_type(TABLE.token) if "pr-12" in each.id)
    own.inputs["deletionProtectionEnabled"] = True
    told = previews.sweep("--open", "13", code=1)
    assert "error: 1 of 2 previews are not gone: pr-12: " in told
    assert "is protected against deletion" in told
    assert previews.stacks == {"pr-12", "pr-13"}


def test_a_failure_that_nobody_foresaw_does_not_keep_the_others(previews: PreviewAccount) -> None:
    told = previews.portfolio(
        *("sweep", "--wait", "0", "--open", "13"),
        code=1,
        AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API="nowhere",
    ).told
    reasons = " ".join(f"pr-{each}: ValueError: Invalid endpoint: nowhere" for each in (12, 15))
    assert f"error: 2 of 2 previews are not gone: {reasons}" in told
    assert previews.environments == {"pr-13"}


def test_a_preview_updated_since_the_sweep_began_stays(previews: PreviewAccount) -> None:
    updated: list[str] = []

    def update() -> None:
        if not updated:
            updated.append(previews.portfolio("up", "15").summary)

    with previews.account.interrupted("delete", *TABLE, update):
        told = previews.sweep("--open", "13")
    assert "pr-15: in use again or gone since the sweep began, and left alone" in told
    assert previews.stacks == previews.environments == {"pr-13", "pr-15"}


def test_a_dry_run_prints_only_the_numbers_and_changes_nothing(previews: PreviewAccount) -> None:
    dry_run = ("sweep", "--dry-run", "--open")
    finished = previews.portfolio(*dry_run, "13")
    assert finished.summary == "[12,15]\n"
    assert "pr-12: its pull request is not open" in finished.told
    assert previews.portfolio(*dry_run, "12,13,15").told == "[]"
    assert previews.portfolio(*dry_run, "12", "--only", "13").summary == "[13]\n"
    assert previews.account.calls == []
    assert previews.stacks == {"pr-12", "pr-13", "pr-15"}


def test_only_one_preview_is_considered_where_only_one_is_asked_for(
    previews: PreviewAccount,
) -> None:
    assert previews.sweep("--open", "13,15", "--only", "13") == "Nothing to take down."
    previews.sweep("--open", "13", "--only", "12")
    assert previews.stacks == previews.environments == {"pr-13", "pr-15"}


def test_idle_previews_go_though_their_pull_requests_are_open(previews: PreviewAccount) -> None:
    told = previews.sweep("--open", "12,13,15", "--idle", "1d")
    assert told == "Every preview is in use."
    assert previews.stacks == {"pr-12", "pr-13", "pr-15"}
    previews.sweep("--open", "12,13,15", "--idle", "0m")
    assert (previews.stacks, previews.environments) == (set(), set())


def test_other_stacks_are_never_touched(previews: PreviewAccount) -> None:
    for name in ("dev", "pr-12a"):
        previews.pulumi("stack", "init", name)
    previews.sweep("--open", "none")
    assert previews.stacks == {"dev", "pr-12a"}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        *((value, "is empty, and would take every preview down") for value in ("", " ")),
        *((value, "is no list of numbers like 12,15") for value in (",", "12,", "12;13", "all")),
    ],
)
def test_a_list_that_may_be_a_search_that_failed_is_refused(
    deployed: PreviewAccount, value: str, reason: str
) -> None:
    told = deployed.sweep("--open", value, code=2)
    assert reason in re.sub(r"[│╭╮╰╯─ ]+", " ", told)
    assert deployed.stacks == {"pr-12", "pr-13", "pr-15"}


def test_a_time_that_is_none_is_refused(deployed: PreviewAccount) -> None:
    assert "is no time like 12h or 7d" in deployed.sweep("--open", "12", "--idle", "soon", code=2)
