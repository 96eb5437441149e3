"""Odd events at the handler, and bodies around each limit: never a failure of ours."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest

from tests.backend.lambda_client import Invoke, open_handler
from tests.backend.odd_events import (
    check_answer,
    check_answer_to_large,
    make_large_events,
    make_odd_events,
)

if TYPE_CHECKING:
    from fastapi import FastAPI

EVENTS: Final = 400


@pytest.fixture(scope="module")
def invoke(app: "FastAPI") -> Iterator[Invoke]:
    with open_handler(app) as opened:
        yield opened


def test_no_odd_event_is_a_failure_of_ours(invoke: Invoke, owner_headers: dict[str, str]) -> None:
    token = owner_headers["Authorization"].removeprefix("Bearer ")
    for event in make_odd_events(1, EVENTS, token):
        check_answer(invoke(event))


@pytest.mark.real
def test_no_body_around_a_limit_is_a_failure_of_ours(invoke: Invoke) -> None:
    for event, size in make_large_events():
        check_answer_to_large(invoke(event), event, size)
