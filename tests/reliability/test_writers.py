"""A sample of the promise `writers`."""

import pytest

from portfolio.local.emulator import Emulator
from tests.backend.app_settings import function_credentials
from tests.reliability.ground import open_ground
from tests.reliability.promises.writers import use_at_once


@pytest.mark.real
def test_writers_readers_and_visitors_at_once_agree_with_the_model(emulator: Emulator) -> None:
    with function_credentials(), open_ground(emulator) as ground:
        rows = use_at_once(ground, steps=15, visitors=3, readers=2)
    assert [lost for row in rows for lost in row.lost] == []
