"""The guide from SAM: its commands run one after the other, from where the bootstrap leaves off.

What would reach AWS only tells that it was called: tests/real/engine deploys what the guide does.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from infra.paths import ROOT
from infra.settings.files import PROJECT
from tests.real.docs.page_shell import PageShell

PAGE: Final = (ROOT / "docs" / "moving-from-sam.md").read_text()
ADDRESS: Final = "https://api.example"

_PULUMI: Final = """case "$1" in
preview | up | destroy | refresh) echo "pulumi $*" ;;
*) exec {engine} "$@" ;;
esac"""
_BOOTSTRAP: Final = (
    "pulumi stack init prod --secrets-provider passphrase && git commit -qam bootstrap"
)
_LAST: Final = "pulumi stack ls && git status --short && git log --format=%s"


def step(number: int) -> tuple[str, str]:
    """The commands of a step, and those of its way back."""
    text = PAGE.partition(f"\n## {number}. ")[2].partition("\n## ")[0]
    found = re.findall(r"((?:^.+\n)*)\n*```sh\n((?s:.+?))^```", text, re.MULTILINE)
    back = [block for before, block in found if before.startswith("*Way back:*")]
    return "\n".join(block for _, block in found if block not in back), "\n".join(back)


@pytest.fixture
def shell(tmp_path: Path) -> PageShell:
    shell = PageShell(tmp_path)
    (tmp_path / "backend").mkdir()
    shell.variables["PULUMI_BACKEND_URL"] = f"file://{tmp_path / 'backend'}"
    for program in ("aws", "sam", "uv", "make", "curl"):
        shell.install(program, f'echo "{program} $*"')
    shell.install("pulumi", _PULUMI.format(engine=shell.engine))
    return shell


def deployed(folder: Path) -> str:
    """The command by which the stack is as an `up` would leave it: protected, with an output."""
    root = "pulumi:pulumi:Stack"
    urn = f"urn:pulumi:prod::{PROJECT}::{root}::{PROJECT}-prod"
    stack = {"urn": urn, "custom": False, "type": root, "outputs": {"api_url": ADDRESS}}
    table = {
        "urn": f"urn:pulumi:prod::{PROJECT}::{root}$portfolio-api:components:Table::table",
        "custom": False,
        "type": "portfolio-api:components:Table",
        "parent": urn,
        "protect": True,
    }
    state: dict[str, Any] = {
        "version": 3,
        "deployment": {"manifest": {}, "resources": [stack, table]},
    }
    file = folder / "state.json"
    file.write_text(json.dumps(state))
    return f"pulumi stack import --file {file} --stack prod"


def prod_file(shell: PageShell) -> dict[str, Any]:
    return yaml.safe_load((shell.checkout / "Pulumi.prod.yaml").read_text())


def test_the_steps_run_in_the_order_of_the_page(shell: PageShell, tmp_path: Path) -> None:
    three = step(3)[0] + deployed(tmp_path)
    # Bash has no terminal to read the password from.
    four = step(4)[0].replace("read -rs OWNER_PASSWORD", "OWNER_PASSWORD=made-up")
    told = shell.run(_BOOTSTRAP, step(1)[0], step(2)[0], three, four, step(5)[0], step(6)[0], _LAST)
    assert told.count("pulumi up --stack prod\n") == 3
    assert f"make contract API_URL={ADDRESS} " in told
    assert "blogs: same" not in told
    *_, domain, adopted, _, _ = told.splitlines()
    assert domain == "feat: production has its domain"
    assert adopted == "feat: production adopts what the SAM stack made"
    assert prod_file(shell)["config"][f"{PROJECT}:domainName"] == "api.patrickcmd.dev"


def test_the_way_back_leaves_a_stack_to_try_again_with(shell: PageShell, tmp_path: Path) -> None:
    three, back = step(3)
    salt = "cp Pulumi.prod.yaml before.yaml"
    told = shell.run(
        *(_BOOTSTRAP, step(2)[0], three, deployed(tmp_path), salt, back),
        *("cmp before.yaml Pulumi.prod.yaml", "pulumi stack ls", "pulumi config --stack prod"),
    )
    assert "pulumi destroy --stack prod --exclude-protected --run-program" in told
    listed = told.partition("NAME")[2]
    assert re.search(r"^prod\*? +\S.* +0 *$", listed, re.MULTILINE), told
    assert prod_file(shell)["encryptionsalt"]
