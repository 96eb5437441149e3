"""Input of any form: never an answer of 500 or above, and never one against the schema."""

import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx

from src.app import create_app
from tests.backend.accounts import create_user_pool, id_token
from tests.backend.app_settings import REGION, function_credentials, make_settings
from tests.backend.lambda_client import Invoke, open_handler
from tests.backend.odd_events import (
    check_answer,
    check_answer_to_large,
    make_large_events,
    make_odd_events,
)
from tests.backend.run_schemathesis import run_schemathesis
from tests.local_stage import serve_local_stage
from tests.reliability.figures import Row
from tests.reliability.ground import open_ground

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator
    from tests.local_stage import ServedStage

_EVENTS: Final = 6_000
_EXAMPLES: Final = 265
"""Examples of each operation, in each phase of Schemathesis: 10,000 in all."""


def measure() -> Iterator[Row]:
    """Send requests to the gateway, and events to the handler."""
    with serve_local_stage() as served:
        yield send_requests(served, _EXAMPLES)
        with _open_function(served.stage.emulator) as (invoke, token):
            yield send_odd_events(invoke, token, _EVENTS)
            yield send_large_events(invoke)


def send_requests(served: "ServedStage", examples: int) -> Row:
    """Let Schemathesis make so many requests of each operation, as an owner."""
    row, started = Row("requests by the schema through the gateway"), time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        option = f"--max-examples={examples}"
        run = run_schemathesis(served.url, _log_in(served), Path(directory), option)
    row.tried, row.longest = run.cases, time.monotonic() - started
    row.lost += [run.problems] if run.problems else []
    return row


def send_odd_events(invoke: Invoke, token: str, count: int) -> Row:
    """Send random events to the handler."""
    row, seed = Row("odd events at the handler"), time.time_ns()
    for number, event in enumerate(make_odd_events(seed, count, token)):
        with row.case(f"event {number} of seed {seed}"):
            check_answer(invoke(event))
    return row


def send_large_events(invoke: Invoke) -> Row:
    """Send bodies around each limit to every route."""
    row = Row("bodies around the limits")
    for event, size in make_large_events():
        with row.case(f"{event['rawPath']} {size}"):
            check_answer_to_large(invoke(event), event, size)
    return row


@contextmanager
def _open_function(emulator: "Emulator") -> Generator[tuple[Invoke, str]]:
    """Make an app with a table and a pool of its own; yield its handler and an owner's token."""
    with open_ground(emulator) as ground, function_credentials():
        cognito = ground.session.client(
            "cognito-idp", endpoint_url=emulator.endpoint, region_name=REGION
        )
        pool = create_user_pool(cognito)
        app = create_app(make_settings(emulator, pool, ground.table_name))
        with open_handler(app) as invoke:
            yield invoke, id_token(cognito, pool, pool.owner)


def _log_in(served: "ServedStage") -> str:
    owner = served.stage.owner
    credentials = {"email": owner.email, "password": owner.password}
    answer = httpx.post(f"{served.url}/auth/login", json=credentials, timeout=35, trust_env=False)
    token: str = answer.json()["id_token"]
    return token
