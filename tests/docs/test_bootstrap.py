"""The way to the first deployment: its commands, run in one shell, as they are written."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from infra.paths import ROOT
from tests.checkout import copy_checkout
from tests.engine.command import EngineMissingError, find_engine
from tests.engine.stage_stack import engine_variables

BLOCKS: Final = re.findall(
    r"^ *```sh\n(.+?)^ *```", (ROOT / "docs" / "bootstrap.md").read_text(), re.DOTALL | re.MULTILINE
)

# `up` would reach AWS: the state is given the outputs that it would have.
_PULUMI: Final = """#!/bin/sh
case "$*" in
*" up -s "*) exec {engine} -C infra/bootstrap stack import --file {folder}/made-$5.json -s $5 ;;
*) exec {engine} "$@" ;;
esac
"""
_GH: Final = """#!/bin/sh
echo "gh $@"
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the page's commands print, one after the other, and then the stacks of each backend."""
    folder = tmp_path_factory.mktemp("bootstrap")
    try:
        engine = find_engine().command
    except EngineMissingError as error:
        pytest.skip(str(error))
    checkout = copy_checkout(folder / "checkout")
    for tier in ("dev", "prod"):
        (folder / f"state-{tier}").mkdir()
        (folder / f"made-{tier}.json").write_text(json.dumps(made(tier, folder)))
    write_program(folder / "bin" / "pulumi", _PULUMI.format(engine=engine, folder=folder))
    write_program(folder / "bin" / "gh", _GH)
    variables = engine_variables(folder, "") | {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        **{
            f"GIT_{who}_{what}": "a@b"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    del variables["PULUMI_BACKEND_URL"], variables["PULUMI_DEBUG_PROVIDERS"]
    first = "git init -q && git add --all && git commit -qm all"
    last = "git show --format= --name-only; pulumi stack ls; bootstrap stack ls"
    script = "\n".join(["set -eu", first, *BLOCKS[:3], last])
    finished = subprocess.run(
        ["sh", "-c", script],
        cwd=checkout,
        env=variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr + finished.stdout
    return finished.stdout


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


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def test_each_tier_has_its_stack_beside_the_stages_state(printed: str) -> None:
    stage, _, bootstrap = printed.partition("NAME")[2].partition("NAME")
    assert re.findall(r"^(\w+)", stage, re.MULTILINE) == ["dev"]
    assert re.findall(r"^(\w+)", bootstrap, re.MULTILINE) == ["dev", "prod"]


def test_the_secrets_provider_of_the_stage_is_committed(printed: str) -> None:
    assert "chore: dev's secrets provider" in printed
    assert "\nPulumi.dev.yaml\n" in printed


@pytest.mark.parametrize(
    ("variable", "tier"),
    [("AWS_DEPLOY_ROLE", "dev"), ("AWS_DEPLOY_ROLE --env production", "prod")],
)
def test_github_is_told_the_tiers_role(printed: str, variable: str, tier: str) -> None:
    assert f"gh variable set {variable} --body the role of {tier}\n" in printed
