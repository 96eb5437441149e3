"""A sample of the promise `load`."""

import pytest

from tests.reliability.promises.load import send_load


@pytest.mark.real
def test_a_local_stage_answers_every_request_and_its_memory_stays_flat() -> None:
    requests, *memory = send_load(600)
    assert requests.tried >= 600
    assert requests.lost == []
    # In so few requests, processes still fill their caches.
    assert len(memory) == 3
