"""The guide from SAM: its commands run in order, on a table and a pool like the old ones.

The emulator stands for AWS, with `aws` on it. `pulumi up` changes there what our program would;
tests/real/engine deploys what the guide does. `sam`, `make`, `curl` and `dig` print their words.
"""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from jose import jwt

from infra.paths import PROJECT, ROOT
from tests.adoption.old_pool import PASSWORD
from tests.adoption.sam_resources import DOMAIN, TABLE, SamAccount
from tests.real.docs.emulated_up import ADDRESS
from tests.real.docs.old_stack import OWNER, POST, OldStack, make_old_stack
from tests.real.docs.page_shell import PageShell

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator

PAGE: Final = (ROOT / "docs" / "moving-from-sam.md").read_text()

_PULUMI: Final = """case "$1" in
up) echo "pulumi $*" && exec {python} -m tests.real.docs.emulated_up {engine} ;;
preview | destroy | refresh) echo "pulumi $*" ;;
*) exec {engine} "$@" ;;
esac"""
_BOOTSTRAP: Final = (
    'sed -i "s/222222222222/$AWS_ACCESS_KEY_ID/" Pulumi.prod.yaml && mkdir .cache && '
    "pulumi stack init prod --secrets-provider passphrase && git commit -qam bootstrap"
)
_FIRST: Final = "000000000000"
"""The emulator's first account. Logins belong to it, because they are not signed."""

_OTHER: Final = "777777777777"
_LAST: Final = "pulumi stack ls && git status --short && git log --format=%s"
_CHECK: Final = "bin/portfolio adopt --check --stack prod\n"


def step(number: int) -> tuple[str, str]:
    """The commands of a step, and those of its way back."""
    text = PAGE.partition(f"\n## {number}. ")[2].partition("\n## ")[0]
    found = re.findall(r"((?:^.+\n)*)\n*```sh\n((?s:.+?))^```", text, re.MULTILINE)
    back = [block for before, block in found if before.startswith("*Way back:*")]
    return "\n".join(block for _, block in found if block not in back), "\n".join(back)


@pytest.fixture
def account(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def old(emulator: "Emulator", account: str) -> OldStack:
    return make_old_stack(SamAccount(emulator.endpoint, account))


@pytest.fixture
def shell(tmp_path: Path, emulator: "Emulator", account: str) -> PageShell:
    shell = PageShell(tmp_path)
    (tmp_path / "backend").mkdir()
    shell.variables |= {
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    for program in ("make", "curl", "dig"):
        shell.install(program, f'echo "{program} $*"')
    python = f"env PYTHONPATH={shell.checkout} {sys.executable}"
    shell.install("aws", f'exec {python} -m tests.real.docs.aws_command "$@"')
    shell.install("sam", f"exec {python} -m tests.real.docs.reader_steps template")
    # `bin/portfolio` lets uv install the commands, then starts them.
    shell.install("uv", '[ "$1" != --version ] || echo uv 99.0.0')
    command = shell.checkout / ".venv/bin/portfolio"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec {python} -m portfolio "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (shell.checkout / ".venv/pyvenv.cfg").touch()
    shell.install("copy_settings", f"exec {python} -m tests.real.docs.reader_steps settings")
    shell.install("pulumi", _PULUMI.format(engine=shell.engine, python=python))
    return shell


def prod_file(shell: PageShell) -> dict[str, Any]:
    return yaml.safe_load((shell.checkout / "Pulumi.prod.yaml").read_text())


def look_first() -> str:
    """The first step: the check names what is in the way."""
    return step(1)[0].replace(_CHECK, f"! {_CHECK}")


def copy_and_check(commands: str) -> str:
    """The commands of a step, with the settings copied where the page says so."""
    return commands.replace(_CHECK, "copy_settings\n")


@pytest.mark.parametrize("account", [_FIRST], indirect=True)
def test_the_steps_run_in_the_order_of_the_page(shell: PageShell, old: OldStack) -> None:
    before, session = old.pool.subject(OWNER), old.pool.log_in(OWNER, PASSWORD)
    # Bash has no terminal to read the password from.
    five = step(5)[0].replace("read -rs OWNER_PASSWORD", "OWNER_PASSWORD=made-up")
    told = shell.run(
        *(_BOOTSTRAP, look_first(), copy_and_check(step(2)[0]), step(3)[0], step(4)[0], five),
        *(step(6)[0], copy_and_check(step(7)[0]), step(8)[0], _LAST),
    )
    assert_the_page_was_followed(told)
    assert old.pool.subject(OWNER) == before
    claims = jwt.get_unverified_claims(old.pool.refresh(session))
    assert claims["cognito:groups"] == ["owner"]
    assert old.pool.log_in(OWNER, PASSWORD)
    kinds = {key.partition("#")[0] for key in old.list_keys()}
    assert kinds
    assert not {kind for kind in kinds if kind.isupper()}
    assert f"post#{POST}" in old.list_keys()
    config = prod_file(shell)["config"]
    assert config[f"{PROJECT}:domainName"] == config[f"{PROJECT}:adoptDomain"] == DOMAIN
    assert config[f"{PROJECT}:adoptTable"] == TABLE


def assert_the_page_was_followed(told: str) -> None:
    assert "its items expire by ExpiresAt, not by expiresAt" in told
    assert f"user {OWNER} (CONFIRMED, verified, since " in told
    assert "AWS::DynamoDB::Table\tRetain" in told
    assert f"{OWNER} could already sign in, and is an owner of prod now." in told
    assert told.count("pulumi up --stack prod\n") == 3
    assert f"make contract API_URL={ADDRESS} " in told
    *_, domain, adopted, _, _ = told.splitlines()
    assert domain == "feat: production has its domain"
    assert adopted == "feat: production adopts what the SAM stack made"


@pytest.mark.parametrize("account", [_OTHER], indirect=True)
def test_the_way_back_leaves_a_stack_to_try_again_with(shell: PageShell, old: OldStack) -> None:
    three, back = step(3)
    salt = "cp Pulumi.prod.yaml before.yaml"
    pool = f"adoptUserPool {old.pool.id}", f"adoptUserPoolClient {old.pool.client_id}"
    adopting = [f"pulumi config set {each} --stack prod" for each in (f"adoptTable {TABLE}", *pool)]
    told = shell.run(
        *(_BOOTSTRAP, *adopting, three, salt, back),
        *("cmp before.yaml Pulumi.prod.yaml", "pulumi stack ls", "pulumi config --stack prod"),
    )
    assert "pulumi destroy --stack prod --exclude-protected --run-program" in told
    listed = told.partition("NAME")[2]
    assert re.search(r"^prod\*? +\S.* +0 *$", listed, re.MULTILINE), told
    assert prod_file(shell)["encryptionsalt"]
    assert f"BLOG#{POST}" in old.list_keys()
