"""A sample of the promise `events`."""

import pytest

from portfolio.local.emulator import Emulator
from tests.backend.app_settings import function_credentials
from tests.reliability.promises.events import check_growth, send_events
from tests.reliability.site import open_site


@pytest.mark.real
def test_events_have_their_status_and_memory_does_not_grow(emulator: Emulator) -> None:
    with function_credentials(), open_site(emulator) as site:
        events, memory = send_events(site, 10_000)
    assert events.tried == 10_000
    assert [*events.lost, *memory.lost] == []


def test_a_process_that_keeps_each_event_has_lost() -> None:
    kept = [100_000_000 + 2_000 * 1_000 * number for number in range(5)]
    assert check_growth("a leak", kept, 1_000).lost
    assert not check_growth("flat", [100_000_000] * 5, 1_000).lost
