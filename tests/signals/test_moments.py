"""A few moments of some commands; `make reliability` tries all commands, at twenty moments each."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.signals.commands import Checkout, plain
from tests.signals.moments import try_moments

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator


def test_no_moment_of_a_start_prints_a_traceback(tmp_path: Path) -> None:
    row = try_moments(plain("--version"), 6, tmp_path)
    assert not row.lost, "\n".join(row.lost)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("signals"))


@pytest.mark.real
@pytest.mark.parametrize("name", ["package", "inspect --base", "make up"])
def test_a_signal_ends_a_command_and_leaves_nothing(
    checkout: Checkout, tmp_path: Path, name: str
) -> None:
    (case,) = (case for case in checkout.cases() if case.name == name)
    row = try_moments(case, 3, tmp_path, seconds=4)
    assert not row.lost, "\n".join(row.lost)


@pytest.mark.real
@pytest.mark.parametrize("name", ["migrate", "content import", "content copy", "adopt", "traces"])
def test_the_next_run_completes_what_a_signal_has_interrupted(
    emulator: "Emulator", tmp_path: Path, name: str
) -> None:
    from tests.signals.data import find_data_cases  # noqa: PLC0415 - imports boto3

    (case,) = (case for case in find_data_cases(emulator, tmp_path) if case.name == name)
    row = try_moments(case, 2, tmp_path, seconds=2)
    assert not row.lost, "\n".join(row.lost)


@pytest.mark.real
def test_a_rollback_and_a_repair_continue_after_a_signal(
    emulator: "Emulator", tmp_path: Path
) -> None:
    from tests.signals.stacks import open_stacks  # noqa: PLC0415 - imports Pulumi

    with open_stacks(tmp_path, emulator) as cases:
        rows = [try_moments(case, 1, tmp_path, seconds=4) for case in cases]
    lost = [each for row in rows for each in row.lost]
    assert not lost, "\n".join(lost)


@pytest.mark.real
@pytest.mark.usefixtures("real_package")
def test_a_signal_ends_the_engine_and_unlocks_the_stack(
    emulator: "Emulator", tmp_path: Path
) -> None:
    from tests.signals.previews import open_previews  # noqa: PLC0415 - imports Pulumi

    with open_previews(tmp_path, emulator) as previews:
        row = try_moments(next(previews), 2, tmp_path, seconds=1)
    assert not row.lost, "\n".join(row.lost)
