"""Fixtures every test folder shares."""

from collections.abc import Iterator

import pytest

from infra.local.emulator import Emulator, run_emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    with run_emulator() as running:
        yield running
