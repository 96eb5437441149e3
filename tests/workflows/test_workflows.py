"""The workflows: least rights, exact pins, one run at a time, and commands that there are."""

import importlib.metadata
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.bootstrap.tiers import TIERS
from infra.paths import ROOT
from infra.settings.files import stages
from tests.bootstrap.bootstrap_registration import register_bootstrap, tier_config
from tests.command_options import find_unknown

GITHUB = ROOT / ".github"
WORKFLOWS = {path.stem: path for path in (GITHUB / "workflows").glob("*.yml")}
ACTION = GITHUB / "actions" / "prepare-deployment" / "action.yml"
PREPARE = "./.github/actions/prepare-deployment"

READ = {"contents": "read"}
DEPLOY = READ | {"id-token": "write"}
RIGHTS = {
    "audit packages": READ,
    "backup export": DEPLOY,
    "checks checks": READ,
    "deploy checks": READ,
    "deploy dev": DEPLOY,
    "deploy prod": DEPLOY,
    "package same-bytes": READ,
    "preview up": DEPLOY,
    "preview down": DEPLOY,
    "preview comment": READ | {"pull-requests": "write"},
    "sweep find": DEPLOY | {"pull-requests": "read"},
    "sweep take-down": DEPLOY | {"pull-requests": "write"},
}
"""What each job may do; nothing else."""

OF_MAIN = "${{ github.event.repository.default_branch }}"
FROM_HERE = "github.event.pull_request.head.repo.full_name == github.repository"


def load(name: str) -> dict[str, Any]:
    # YAML 1.1 reads the key `on` as true.
    content: dict[Any, Any] = yaml.safe_load(WORKFLOWS[name].read_text())
    return content | {"on": content[True]}


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in sorted(WORKFLOWS):
        for job_name, job in load(name)["jobs"].items():
            yield f"{name} {job_name}", job


JOBS = dict(jobs())
DEPLOYMENTS = {
    name: job
    for name, job in JOBS.items()
    if any(step.get("uses") == PREPARE for step in job.get("steps", []))
}


def steps() -> list[dict[str, Any]]:
    action = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    return [*action, *(step for job in JOBS.values() for step in job.get("steps", []))]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_itself_has_no_rights(name: str) -> None:
    assert load(name)["permissions"] == {}


def test_each_job_has_the_rights_it_needs_and_no_more() -> None:
    assert {name: job["permissions"] for name, job in JOBS.items()} == RIGHTS


@pytest.mark.parametrize("name", JOBS)
def test_each_job_ends_and_runs_on_a_known_machine(name: str) -> None:
    job = JOBS[name]
    if "uses" in job:
        assert job["uses"] in {f"./.github/workflows/{each.name}" for each in WORKFLOWS.values()}
    else:
        assert job["timeout-minutes"] <= 120
        assert job["runs-on"] == "ubuntu-24.04"


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_deployments_job_outlasts_its_credentials(stack: str) -> None:
    made = register_bootstrap(tier_config(stack), preview=False)
    roles = {each.name: each.inputs for each in made.of_type("aws:iam/role:Role")}
    lasting = roles["deploy"]["maxSessionDuration"] / 60
    assert JOBS[f"deploy {stack}"]["timeout-minutes"] >= lasting + 10


def test_no_workflow_runs_with_rights_that_what_started_it_does_not_have() -> None:
    started = {event for name in WORKFLOWS for event in load(name)["on"]}
    assert started == {"push", "pull_request", "schedule", "workflow_dispatch", "workflow_call"}


def used_actions() -> list[tuple[str, str]]:
    """Each line that uses another repository's action: the action with its pin, and the comment."""
    texts = [path.read_text() for path in (*WORKFLOWS.values(), ACTION)]
    found = (re.findall(r"uses: ([^.\s]\S+)(.*)", text) for text in texts)
    return [use for uses in found for use in uses]


def test_actions_are_pinned_to_a_commit_that_a_comment_names() -> None:
    pins: dict[str, set[str]] = {}
    for use, comment in used_actions():
        action, _, commit = use.partition("@")
        assert re.fullmatch(r"[0-9a-f]{40}", commit), use
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), use
        pins.setdefault(action, set()).add(commit + comment)
    assert pins
    assert all(len(each) == 1 for each in pins.values()), pins


def test_tools_are_the_versions_of_the_lock() -> None:
    given = {key: value for step in steps() for key, value in step.get("with", {}).items()}
    assert given["version"] == importlib.metadata.version("uv")
    assert given["pulumi-version"] == importlib.metadata.version("pulumi")


def test_no_checkout_leaves_its_token_behind() -> None:
    checkouts = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_the_jobs_that_deploy_are_those_that_get_credentials() -> None:
    assert set(DEPLOYMENTS) == {name for name, rights in RIGHTS.items() if "id-token" in rights}


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("preview up", "stack-pr-${{ github.event.number }}"),
        ("preview down", "stack-pr-${{ github.event.number }}"),
        ("sweep take-down", "stack-pr-${{ matrix.number }}"),
        ("deploy dev", "stack-dev"),
        ("deploy prod", "stack-prod"),
        ("backup export", "backup-prod"),
    ],
)
def test_a_stack_has_one_run_at_a_time_and_none_is_cancelled(name: str, group: str) -> None:
    assert DEPLOYMENTS[name]["concurrency"] == {"group": group, "cancel-in-progress": False}


def test_no_workflow_that_deploys_is_cancelled_as_a_whole() -> None:
    for name in DEPLOYMENTS:
        assert "concurrency" not in load(name.partition(" ")[0])


def test_a_called_workflow_cancels_no_run_but_a_branchs_own() -> None:
    """A called workflow is in the group of whoever calls it, under the caller's name."""
    called = {Path(job["uses"]).stem for job in JOBS.values() if "uses" in job}
    assert called == {"checks"}
    group = "checks-${{ github.workflow == 'checks' && github.ref || github.run_id }}"
    assert load("checks")["concurrency"]["group"] == group
    assert load("checks")["name"] == "checks"


def test_a_forks_pull_request_gets_no_credentials() -> None:
    for name, job in DEPLOYMENTS.items():
        if "pull_request" in load(name.partition(" ")[0])["on"]:
            first, *others = re.split(r"\s+&&\s+", job["if"])
            assert FROM_HERE in [first, *others], name
            assert "||" not in job["if"]


def test_code_of_a_pull_request_never_runs_with_a_right_to_write_here() -> None:
    for name, rights in RIGHTS.items():
        writes = [right for right, level in rights.items() if level == "write"]
        if writes != ["id-token"] and writes:
            uses = [step for step in JOBS[name]["steps"] if "uses" in step]
            checkouts = [step for step in uses if step["uses"] != PREPARE]
            assert [step["with"]["ref"] for step in checkouts] == [OF_MAIN], name


def test_production_waits_for_approval_and_for_the_checks() -> None:
    assert JOBS["deploy prod"]["environment"] == "production"
    for stage in ("dev", "prod"):
        assert JOBS[f"deploy {stage}"]["needs"] == "checks"


def test_the_backup_runs_without_an_approval_in_an_environment_of_its_own() -> None:
    job = JOBS["backup export"]
    tier = TIERS["production"]
    assert tier.backup_subjects == (f"environment:{job['environment']}",)
    assert job["environment"] not in str(tier.subjects)
    (upload,) = (step for step in job["steps"] if "upload-artifact" in step.get("uses", ""))
    (run,) = (step["run"] for step in job["steps"] if "run" in step)
    assert run == f".github/scripts/back_up.sh prod {upload['with']['path']}"


def test_production_gets_a_commit_of_main_and_a_compared_zip_only() -> None:
    checkout, *others = JOBS["deploy prod"]["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert [step.get("run", step.get("uses")) for step in others] == [
        ".github/scripts/require_commit_of_main.sh",
        PREPARE,
        ".github/scripts/compare_engines.sh prod",
        "pulumi up -s prod --yes",
        "make health STAGE=prod",
    ]


def test_a_job_with_credentials_installs_no_development_tools() -> None:
    for name in DEPLOYMENTS:
        assert load(name.partition(" ")[0])["env"]["UV_NO_DEV"] == "1"
    syncs = [step["run"] for step in steps() if "uv sync" in step.get("run", "")]
    assert syncs == ["bin/uv sync --locked --no-dev"]


def test_a_preview_is_taken_down_by_code_of_main() -> None:
    checkout, *_ = JOBS["preview down"]["steps"]
    assert checkout["with"]["ref"] == OF_MAIN


def test_no_script_has_what_somebody_else_wrote_put_into_it() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


def commands() -> Iterator[list[str]]:
    """The words of each command of each script, from the project's own program on."""
    files = [path.read_text() for path in sorted((GITHUB / "scripts").iterdir())]
    for script in (*files, *(step.get("run", "") for step in steps())):
        for line in re.sub(r"'[^']*'", "''", script.replace("\\\n", " ")).splitlines():
            words = shlex.split(line, comments=True) if line.count('"') % 2 == 0 else []
            # The rest of a pipe has a command of another program.
            words = words[: words.index("|")] if "|" in words else words
            while words and words[0] in {"sudo", "env", "PATH=$PATH", "for"}:
                words = words[1:]
            if words:
                yield words


def commands_of(program: str) -> list[list[str]]:
    found = [words[1:] for words in commands() if words[0].removeprefix("bin/") == program]
    assert found
    return found


@pytest.mark.parametrize("target", sorted({words[0] for words in commands_of("make")}))
def test_make_has_the_target(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE)


@pytest.mark.parametrize("words", commands_of("portfolio"), ids=" ".join)
def test_portfolio_has_the_command_and_its_options(words: list[str]) -> None:
    assert find_unknown(words) == []


def test_a_command_or_an_option_that_portfolio_has_not_is_noticed() -> None:
    assert find_unknown(["preview", "up", "12", "--summary", "x"]) == []
    assert find_unknown(["preview", "app", "12"]) == ["app"]
    assert find_unknown(["preview", "up", "12", "--sumary=x"]) == ["--sumary"]


@pytest.mark.parametrize("words", commands_of("pulumi"), ids=" ".join)
def test_pulumi_deploys_stages_that_there_are(words: list[str]) -> None:
    command, option, stage, *rest = words
    assert (command, option, rest) == ("up", "-s", ["--yes"])
    assert stage in stages()


def test_uv_is_called_by_the_script_that_drops_the_settings_of_users() -> None:
    pattern = re.compile(r"(?<![\w/.-])uv (?:add|export|lock|pip|run|sync|tool|venv)\b.*")
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    commands = [
        *(path for path in GITHUB.rglob("*") if path.is_file()),
        *(ROOT / name for name in ("Makefile", ".ci/run", ".pre-commit-config.yaml")),
        *(path for path in (ROOT / "bin").iterdir() if path.name != "uv"),
        *(ROOT / "tests").rglob("*.sh"),
    ]
    texts = {path: path.read_text() for path in commands}
    # In pages, only blocks of commands: the rest also writes about uv.
    texts |= {
        path: "".join(re.findall(r"```sh\n.*?```", path.read_text(), re.DOTALL)) for path in pages
    }
    found = {path.name: pattern.findall(text) for path, text in texts.items()}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_the_checks_are_what_ci_runs() -> None:
    assert [".ci/run"] in list(commands())
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_variable_is_explained() -> None:
    texts = "".join(path.read_text() for path in WORKFLOWS.values())
    guide = (ROOT / "docs" / "bootstrap.md").read_text()
    variables = set(re.findall(r"vars\.(\w+)", texts))
    assert variables
    assert [name for name in sorted(variables) if f"`{name}`" not in guide] == []
    assert "secrets." not in texts
