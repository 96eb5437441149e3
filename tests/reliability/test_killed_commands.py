"""A sample of the promise `killed_commands`."""

from collections.abc import Callable

import pytest

from portfolio.local.emulator import Emulator
from tests.reliability.figures import Row
from tests.reliability.promises.killed_commands import (
    kill_imports,
    kill_migrations,
    kill_starts,
)


@pytest.mark.real
@pytest.mark.parametrize("kill", [kill_imports, kill_migrations])
def test_the_next_run_completes_what_a_killed_one_has_begun(
    kill: Callable[[Emulator, int], Row], emulator: Emulator
) -> None:
    assert kill(emulator, 2).lost == []


@pytest.mark.real
def test_a_killed_start_leaves_nothing_after_the_next_one() -> None:
    assert kill_starts(2).lost == []
