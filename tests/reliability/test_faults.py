"""A sample of the promise `faults`: all faults at one operation, and a fault at every call."""

from collections.abc import Iterator
from itertools import cycle
from typing import Final

import pytest

from portfolio.local.emulator import Emulator
from tests.backend.app_settings import function_credentials
from tests.reliability.agreement import Stored
from tests.reliability.api_operations import Call
from tests.reliability.expectations import observe
from tests.reliability.faulty_aws import WAITING, Fault
from tests.reliability.figures import Row
from tests.reliability.promises.faults import Faults, try_faults
from tests.reliability.site import Site, open_site

QUICK: Final = [fault for fault in Fault if fault not in WAITING]


@pytest.fixture(scope="module")
def site(emulator: Emulator) -> Iterator[Site]:
    with function_credentials(), open_site(emulator) as opened:
        yield opened


@pytest.fixture(scope="module")
def calls(site: Site) -> list[Call]:
    return site.fill()


@pytest.fixture(scope="module")
def before(site: Site, calls: list[Call]) -> Stored:
    assert calls
    return site.read()


def test_a_view_is_counted_once_under_each_fault(
    site: Site, calls: list[Call], before: Stored
) -> None:
    (call,) = [each for each in calls if each.path.startswith("/analytics/track/")]
    expected = observe(site, call, before)
    row = Row("one fault")
    for number, fault in zip(cycle(range(len(expected.calls))), QUICK, strict=False):
        try_faults(site, expected, Faults({number: fault}), row)
    try_faults(site, expected, Faults({1: Fault.CUT_AFTER, 2: Fault.EMPTY}), row)
    assert row.lost == []


def test_a_timeout_that_lasts_is_answered_within_ten_seconds(
    site: Site, calls: list[Call], before: Stored
) -> None:
    (call,) = [each for each in calls if each.path == "/visitors/track"]
    expected = observe(site, call, before)
    row = Row("a fault that lasts")
    try_faults(site, expected, Faults({1: Fault.HUNG_AFTER}, lasting=True), row)
    assert row.lost == []


@pytest.mark.real
def test_every_operation_survives_a_fault_at_each_of_its_calls(
    site: Site, calls: list[Call], before: Stored
) -> None:
    row, faults = Row("one fault"), cycle(QUICK)
    for call in calls:
        expected = observe(site, call, before)
        for number in range(len(expected.calls)):
            try_faults(site, expected, Faults({number: next(faults)}), row)
    assert row.lost == []
    assert row.tried > 100
