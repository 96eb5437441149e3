"""A checkout to type `portfolio adopt` in, and an AWS account of its own on the emulator."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from infra.local.emulator import Emulator
from tests.adoption.sam_resources import SamAccount
from tests.checkout import copy_checkout

type Answer = tuple[int, str]
"""The exit code, and all that was printed."""

type Adopt = Callable[..., Answer]

type RunAdopt = Callable[..., subprocess.CompletedProcess[str]]

WITHOUT_PULUMI = (
    "! pulumi is not on PATH: install it (https://www.pulumi.com/docs/install). "
    "What carries the stage's tags is taken for the stack's own.\n"
)

_ACCOUNTS = itertools.count(222_222_222_000)


@pytest.fixture
def account(emulator: Emulator) -> SamAccount:
    return SamAccount(emulator.endpoint, str(next(_ACCOUNTS)))


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def run_adopt(checkout: Path, account: SamAccount) -> RunAdopt:
    """Run the command for prod, with these settings on top of the stage's own."""
    file = checkout / "Pulumi.prod.yaml"
    original = (Path(__file__).parents[2] / "Pulumi.prod.yaml").read_text()

    def run(
        *arguments: str, settings: Mapping[str, object] | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        stage = yaml.safe_load(original)
        own = {"allowedAccounts": [account.account], **(settings or {})}
        stage["config"] |= {f"portfolio-api:{key}": value for key, value in own.items()}
        file.write_text(yaml.safe_dump(stage))
        return subprocess.run(
            [sys.executable, "-m", "infra.cli", "adopt", *arguments],
            cwd=checkout,
            env={**_variables(account), **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def adopt(run_adopt: RunAdopt) -> Adopt:
    """Likewise; that there is no pulumi is left out of what is printed."""

    def run(*arguments: str, settings: Mapping[str, object] | None = None, **more: str) -> Answer:
        finished = run_adopt(*arguments, settings=settings, **more)
        printed = finished.stdout + finished.stderr
        assert "Traceback" not in printed, printed
        return finished.returncode, printed.replace(WITHOUT_PULUMI, "")

    return run


def _variables(account: SamAccount) -> dict[str, str]:
    kept = ("COVERAGE_", "HOME", "LANG", "PYTHON")
    return {
        # Where there is no pulumi.
        "PATH": str(Path(sys.executable).parent),
        **{name: value for name, value in os.environ.items() if name.startswith(kept)},
        "AWS_ACCESS_KEY_ID": account.account,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": account.endpoint,
        "NO_PROXY": "127.0.0.1,localhost",
    }
