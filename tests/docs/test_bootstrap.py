"""The way to the first deployment: its commands, run in one shell, as they are written."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from infra.paths import ROOT
from tests.docs.page_shell import PageShell

BLOCKS: Final = re.findall(
    r"^ *```sh\n(.+?)^ *```", (ROOT / "docs" / "bootstrap.md").read_text(), re.DOTALL | re.MULTILINE
)

# `up` would reach AWS: the state is given the outputs that it would have.
_PULUMI: Final = """case "$*" in
*" up -s "*) exec {engine} -C infra/bootstrap stack import --file {folder}/made-$5.json -s $5 ;;
*) exec {engine} "$@" ;;
esac"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the page's commands print, one after the other, and then the stacks of each backend."""
    folder = tmp_path_factory.mktemp("bootstrap")
    shell = PageShell(folder)
    for tier in ("dev", "prod"):
        (folder / f"state-{tier}").mkdir()
        (folder / f"made-{tier}.json").write_text(json.dumps(made(tier, folder)))
    shell.install("pulumi", _PULUMI.format(engine=shell.engine, folder=folder))
    shell.install("gh", 'echo "gh $@"')
    listing = "PULUMI_BACKEND_URL=$(bootstrap stack output backend_url -s {}) pulumi stack ls"
    last = ["git show --format= --name-only", *map(listing.format, ("dev", "prod"))]
    return shell.run(*BLOCKS[:4], *last, "bootstrap stack ls")


def made(tier: str, folder: Path) -> dict[str, object]:
    """A stack as `up` leaves it, with the outputs alone."""
    project, root = "portfolio-api-bootstrap", "pulumi:pulumi:Stack"
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


@pytest.mark.parametrize(
    ("variable", "tier"),
    [("AWS_DEPLOY_ROLE", "dev"), ("AWS_DEPLOY_ROLE --env production", "prod")],
)
def test_github_is_told_the_tiers_role(printed: str, variable: str, tier: str) -> None:
    assert f"gh variable set {variable} --body the role of {tier}\n" in printed
