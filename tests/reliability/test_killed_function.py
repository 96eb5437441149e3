"""A sample of the promise `killed_function`: an operation with several writes."""

from typing import Final

import pytest

from portfolio.local.emulator import Emulator
from tests.backend.app_settings import function_credentials
from tests.reliability.expectations import observe
from tests.reliability.figures import Row
from tests.reliability.killed_worker import run_worker
from tests.reliability.promises.killed_function import try_kill
from tests.reliability.site import open_site

SEVERAL_WRITES: Final = ("POST /analytics/track", "DELETE /blogs", "PUT /blogs")


@pytest.mark.real
def test_a_killed_request_is_done_or_not_and_can_be_repeated(emulator: Emulator) -> None:
    row = Row("kills")
    with function_credentials(), open_site(emulator) as site:
        calls = [call for call in site.fill() if call.name.startswith(SEVERAL_WRITES)]
        before = site.read()
        with run_worker(site) as worker:
            for call in calls:
                expected = observe(site, call, before)
                for number in range(len(expected.calls)):
                    try_kill(site, worker, expected, number, row)
    assert row.lost == []
    assert row.tried > len(SEVERAL_WRITES)
