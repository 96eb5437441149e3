"""Faults at each call to AWS: nothing is half done, counted twice or lost, within 10 seconds."""

import random
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from itertools import combinations
from typing import TYPE_CHECKING, Final

from portfolio.local.emulator import run_emulator
from tests.backend.app_settings import function_credentials
from tests.contract.content_kinds import KINDS
from tests.reliability.agreement import assert_agreement
from tests.reliability.api_operations import Call, summarize
from tests.reliability.expectations import Expected, check_interrupted, observe, read_json
from tests.reliability.faulty_aws import Fault
from tests.reliability.figures import Row
from tests.reliability.site import Site, open_site

if TYPE_CHECKING:
    import httpx

    from portfolio.local.emulator import Emulator

LIMIT: Final = 10.0
"""Seconds of a request, whatever fails."""

_AT_ONCE: Final = 8
"""Sites at once: most of the time is waiting."""

_PAIRS: Final = 3
"""Pairs of faults to try at each pair of calls."""


@dataclass(frozen=True)
class Faults:
    """Faults of chosen calls of a request."""

    by_call: Mapping[int, Fault]
    """A fault by the number of its call."""

    lasting: bool = False
    """True if the fault lasts from that call on."""

    def __call__(self, number: int) -> Fault | None:
        """Return the fault of a call."""
        first = min(self.by_call)
        return self.by_call[first] if self.lasting and number > first else self.by_call.get(number)

    def describe(self, calls: tuple[str, ...]) -> str:
        """Return the faults as text, with the names of the calls."""
        named = dict(enumerate(calls))
        each = (f"{fault} at {n} ({named.get(n, 'again')})" for n, fault in self.by_call.items())
        return f"{', '.join(each)}{' and later' * self.lasting}"


def measure() -> Iterator[Row]:
    """Try every fault at every call, at pairs of calls, and from every call on."""
    rows = (Row("one fault"), Row("two faults"), Row("a fault that lasts"))
    with function_credentials(), run_emulator() as emulator, ThreadPoolExecutor(_AT_ONCE) as pool:
        parts = [pool.submit(_try_part, emulator, part, rows) for part in range(_AT_ONCE)]
    for part in parts:
        part.result()
    yield from rows


def _try_part(emulator: "Emulator", part: int, rows: tuple[Row, Row, Row]) -> None:
    """Try a part of the operations, on a site of its own."""
    one, two, lasting = rows
    with open_site(emulator) as site:
        calls = site.fill()
        before = site.read()
        for call in calls[part::_AT_ONCE]:
            expected = observe(site, call, before)
            for faults in single_faults(expected):
                try_faults(site, expected, faults, one)
            if _shares_code(call):
                continue
            for faults in paired_faults(expected):
                try_faults(site, expected, faults, two)
            for faults in lasting_faults(expected):
                try_faults(site, expected, faults, lasting)


def _shares_code(call: Call) -> bool:
    """Return True for the operations on all kinds but the first: they run the same code."""
    return any(call.path.startswith(kind.base) for kind in KINDS[1:])


def single_faults(expected: Expected) -> Iterator[Faults]:
    """Yield each fault at each call."""
    for number in range(len(expected.calls)):
        yield from (Faults({number: fault}) for fault in Fault)


def paired_faults(expected: Expected) -> Iterator[Faults]:
    """Yield some pairs of faults for each pair of calls; the second may be a repetition."""
    chance = random.Random(expected.call.name)  # noqa: S311 - not a secret
    for first, second in combinations(range(len(expected.calls) + 1), 2):
        for _ in range(_PAIRS):
            yield Faults(dict(zip((first, second), chance.choices([*Fault], k=2), strict=True)))


def lasting_faults(expected: Expected) -> Iterator[Faults]:
    """Yield each fault from each call on."""
    for number in range(len(expected.calls)):
        yield from (Faults({number: fault}, lasting=True) for fault in Fault)


def try_faults(site: Site, expected: Expected, faults: Faults, row: Row) -> None:
    """Send a request with faults, and add it to a row."""
    site.restore(expected.before)
    with row.case(f"{expected.call.name}: {faults.describe(expected.calls)}"):
        started = time.monotonic()
        answer = site.send(expected.call, faults)
        seconds = time.monotonic() - started
        assert seconds < LIMIT, f"{seconds:.1f} s"
        if answer.is_success:
            _check_success(site, expected, answer)
        else:
            _check_refusal(site, expected, answer)


def _check_success(site: Site, expected: Expected, answer: "httpx.Response") -> None:
    """Check that a success is a true one: the answer and the table are those without faults."""
    stored = site.read()
    assert answer.status_code == expected.status
    # A repeated sign-out cannot tell its own first attempt from another one.
    assert read_json(answer) == expected.body or expected.call.path == "/auth/logout"
    assert summarize(stored) == expected.summary
    assert_agreement(stored)


def _check_refusal(site: Site, expected: Expected, answer: "httpx.Response") -> None:
    """Check that a refusal is honest, that nothing is half done, and that a repetition is right."""
    is_throttled = answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert is_throttled or answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
    assert not is_throttled or expected.call.path == "/auth/login"
    assert int(answer.headers["Retry-After"]) > 0
    check_interrupted(site, expected)
