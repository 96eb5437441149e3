"""A request without faults, and the checks after one that was interrupted."""

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tests.reliability.agreement import (
    Stored,
    assert_agreement,
    assert_content_agrees,
    assert_visits_agree,
)
from tests.reliability.api_operations import Call, summarize, without_volatile
from tests.reliability.site import Site

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True)
class Expected:
    """A request without faults: its answer, its calls, and the table before and after."""

    call: Call
    status: int
    body: Any
    calls: tuple[str, ...]
    before: Stored
    summary: Counter[str]
    """The summary of the table after it."""

    @property
    def ends_an_item(self) -> bool:
        """True if the request can succeed once only."""
        return self.call.method == "DELETE"

    @property
    def makes_an_item(self) -> bool:
        """True if each request makes another item."""
        return self.status == HTTPStatus.CREATED


def observe(site: Site, call: Call, before: Stored) -> Expected:
    """Send a request without faults."""
    site.restore(before)
    answer = site.send(call)
    assert answer.is_success, (call.name, answer.text)
    calls, after = tuple(site.aws.calls), site.read()
    assert_agreement(after)
    body = read_json(answer)
    return Expected(call, answer.status_code, body, calls, before, summarize(after))


def check_interrupted(site: Site, expected: Expected) -> None:
    """Check that a request was done or not, nothing in between, and that a repetition is right."""
    stored = site.read()
    # Views wait for the next view of their item.
    assert_content_agrees(stored)
    assert_visits_agree(stored)
    summary = summarize(stored)
    assert summary in (summarize(expected.before), expected.summary)
    is_done = summary == expected.summary != summarize(expected.before)
    if not (is_done and expected.makes_an_item):
        _check_repetition(site, expected, is_done=is_done)


def _check_repetition(site: Site, expected: Expected, *, is_done: bool) -> None:
    """Send the request again, without faults."""
    again = site.send(expected.call)
    is_gone = is_done and expected.ends_an_item
    assert again.status_code == (HTTPStatus.NOT_FOUND if is_gone else expected.status), again.text
    stored = site.read()
    assert summarize(stored) == expected.summary
    assert_agreement(stored)


def read_json(answer: "httpx.Response") -> Any:
    """Return the JSON of an answer without what differs from run to run; None without a body."""
    return without_volatile(answer.json()) if answer.content else None
