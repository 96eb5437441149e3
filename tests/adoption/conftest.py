"""`portfolio adopt --check` for prod, in an AWS account of its own on the emulator."""

import functools
import itertools
import json
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from infra.paths import PROJECT
from tests.adoption.sam_resources import SamAccount

if TYPE_CHECKING:
    from pathlib import Path

    from infra.settings import StageSettings
    from portfolio.adoption.check import Wanted
    from portfolio.local.emulator import Emulator

type Answer = tuple[int, str]
"""The exit code, and all that was printed."""

type Adopt = Callable[..., Answer]

WITHOUT_PULUMI = (
    "! pulumi is not on PATH: install it (https://www.pulumi.com/docs/install). "
    "Resources with the stage's tags count as the stack's own.\n"
)

_ACCOUNTS = itertools.count(222_222_000_000)


@pytest.fixture
def account(emulator: "Emulator") -> SamAccount:
    return SamAccount(emulator.endpoint, str(next(_ACCOUNTS)))


@pytest.fixture
def credentials(
    account: SamAccount, tmp_path: "Path", monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Sets the variables of an AWS account on the emulator, on a machine without pulumi."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("AWS_ENDPOINT_URL", account.endpoint)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")

    def use(number: str) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", number)

    return use


@pytest.fixture
def adopt(
    account: SamAccount,
    credentials: Callable[[str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Adopt:
    """Check what a stage can adopt, with these settings on top of prod's own."""
    credentials(account.account)

    def run(
        stack: str = "prod",
        *,
        as_json: bool = False,
        settings: Mapping[str, object] | None = None,
        **variables: str,
    ) -> Answer:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        code = _check(stack, settings or {}, account.account, as_json=as_json)
        out, err = capsys.readouterr()
        return code, (out + err).replace(WITHOUT_PULUMI, "")

    return run


def _check(stack: str, own: Mapping[str, object], account: str, *, as_json: bool) -> int:
    # Seconds of imports, for these tests alone.
    from infra.errors import PortfolioError  # noqa: PLC0415
    from portfolio.adoption.check import check_adoption  # noqa: PLC0415
    from portfolio.terminal import Terminal  # noqa: PLC0415

    encoded = {key: _encode(value) for key, value in own.items()}
    settings = _settings({"allowedAccounts": _encode([account]), **encoded})
    wanted = _find_wanted(frozenset(encoded.items()))
    terminal = Terminal()
    try:
        check_adoption(stack, settings, wanted, terminal, as_json=as_json)
    except PortfolioError as error:
        terminal.fail(str(error))
        return 1
    return 0


@functools.cache
def _find_wanted(own: frozenset[tuple[str, str]]) -> "Wanted":
    """The program's resources, which the account does not change."""
    from portfolio.adoption.check import find_wanted  # noqa: PLC0415 - as above

    return find_wanted("prod", _settings(dict(own)))


def _settings(own: Mapping[str, str]) -> "StageSettings":
    from infra.settings import parse_settings  # noqa: PLC0415 - as above
    from infra.settings.files import stage_config  # noqa: PLC0415 - as above

    changed = {f"{PROJECT}:{key}": value for key, value in own.items()}
    return parse_settings(stage_config("prod") | changed, "prod")


def _encode(value: object) -> str:
    """Encode a value as the engine hands it to a program."""
    return value if isinstance(value, str) else json.dumps(value)
