"""The way to the first deployment: its commands, run in one shell, as they are written."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from infra.bootstrap.settings import parse_bootstrap_settings
from infra.paths import PROJECT, ROOT
from tests.bootstrap.bootstrap_registration import tier_config
from tests.real.docs.page_shell import PageShell

PAGE: Final = (ROOT / "docs" / "bootstrap.md").read_text()
BLOCKS: Final = re.findall(r"^ *```sh\n(.+?)^ *```", PAGE, re.DOTALL | re.MULTILINE)

# `up` would reach AWS: the state is given the outputs that it would have.
_PULUMI: Final = """echo "$AWS_PROFILE: $@" >> {folder}/typed
case "$*" in
*" up -s prod") [ -e {folder}/guarded ] || {{ echo "production is not guarded" >&2; exit 1; }} ;;
esac
case "$*" in
*" up -s "*) exec {engine} -C infra/bootstrap stack import --file {folder}/made-$5.json -s $5 ;;
*) exec {engine} "$@" ;;
esac"""

# GitHub keeps no variable of an environment that is not there, nor branches of its.
_GH: Final = """environment='repos/{{owner}}/{{repo}}/environments/production'
case "$*" in
"api user --jq .id") echo 4711 && exit ;;
"api --method PUT $environment "*) touch {folder}/environment ;;
*environment*|*"--env production"*)
    [ -e {folder}/environment ] || {{ echo "HTTP 404: Not Found" >&2; exit 1; }} ;;
esac
case "$*" in *" -f type=tag") touch {folder}/guarded ;; esac
echo "gh $@"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bootstrap")


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    """What the page's commands print, one after the other, and then the stacks of each backend."""
    shell = PageShell(folder)
    for tier in ("dev", "prod"):
        (folder / f"state-{tier}").mkdir()
        (folder / f"made-{tier}.json").write_text(json.dumps(made(tier, folder)))
    shell.install("pulumi", _PULUMI.format(engine=shell.engine, folder=folder))
    shell.install("gh", _GH.format(folder=folder))
    listing = "PULUMI_BACKEND_URL=$(bootstrap stack output backend_url -s {}) pulumi stack ls"
    last = ["git show --format= --name-only", *map(listing.format, ("dev", "prod"))]
    return shell.run(*BLOCKS[:5], *last, "bootstrap stack ls")


def made(tier: str, folder: Path) -> dict[str, object]:
    """A stack as `up` leaves it, with the outputs alone."""
    project, root = f"{PROJECT}-bootstrap", "pulumi:pulumi:Stack"
    outputs = {
        "backend_url": f"file://{folder / f'state-{tier}'}",
        "secrets_provider": "passphrase",
        "deploy_role": f"the role of {tier}",
    }
    stack = {
        "urn": f"urn:pulumi:{tier}::{project}::{root}::{project}-{tier}",
        "custom": False,
        "type": root,
        "outputs": outputs,
    }
    return {"version": 3, "deployment": {"manifest": {}, "resources": [stack]}}


def test_each_tier_has_its_stack_beside_the_stages_state(printed: str) -> None:
    listed = [re.findall(r"^(\w+)", each, re.MULTILINE) for each in printed.split("NAME")[1:]]
    assert listed == [["dev"], ["prod"], ["dev", "prod"]]


def test_the_secrets_providers_of_the_stages_are_committed(printed: str) -> None:
    assert "chore: the stages' secrets providers" in printed
    assert "\nPulumi.dev.yaml\nPulumi.prod.yaml\n" in printed


def test_production_is_guarded_by_a_reviewer_and_by_branch_and_tag(printed: str) -> None:
    guard, *policies = [line for line in printed.splitlines() if line.startswith("gh api")]
    assert guard.endswith(
        " -F reviewers[][type]=User -F reviewers[][id]=4711"
        " -F deployment_branch_policy[protected_branches]=false"
        " -F deployment_branch_policy[custom_branch_policies]=true"
    )
    told = [line.partition("/deployment-branch-policies ")[2] for line in policies]
    assert told == ["-f name=main -f type=branch", "-f name=v* -f type=tag"]


@pytest.mark.parametrize(("environment", "tier"), [("", "dev"), ("--env production ", "prod")])
def test_github_is_told_what_the_workflows_ask_of_the_tier(
    printed: str, folder: Path, environment: str, tier: str
) -> None:
    told = re.findall(rf"^gh variable set (\w+) {environment}--body (.+)$", printed, re.MULTILINE)
    assert dict(told) == {
        "AWS_REGION": "us-east-1",
        "AWS_DEPLOY_ROLE": f"the role of {tier}",
        "PULUMI_BACKEND_URL": f"file://{folder / f'state-{tier}'}",
    }
    workflows = (ROOT / ".github" / "workflows").glob("*.yml")
    # docs/backups.md has the variables of the backup's environment.
    texts = [path.read_text() for path in workflows if path.name != "backup.yml"]
    assert dict(told).keys() == set(re.findall(r"vars\.(\w+)", "".join(texts)))


@pytest.mark.usefixtures("printed")
def test_each_tier_is_made_with_its_own_accounts_credentials_and_dev_used_with_its_role(
    folder: Path,
) -> None:
    typed = (folder / "typed").read_text()
    own = re.findall(
        r"^(\S*): -C infra/bootstrap (?:up|stack init) (?:-s )?(\w+)$", typed, re.MULTILINE
    )
    assert own == [("admin-dev", "dev")] * 2 + [("admin-prod", "prod")] * 2
    stages = re.findall(r"^(\S*): stack init (\w+) ", typed, re.MULTILINE)
    assert stages == [("portfolio-dev", "dev"), ("admin-prod", "prod")]


def test_the_profile_of_the_page_is_devs_deploy_role() -> None:
    (role,) = re.findall(r"^ *role_arn = (\S+)$", PAGE, re.MULTILINE)
    settings = parse_bootstrap_settings(tier_config("dev"))
    assert role == f"arn:aws:iam::{settings.account}:role/{settings.name}-deploy"
