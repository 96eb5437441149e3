"""A proxy on loopback between the function and the emulator: it lets chosen calls fail.

It sees every call of the function as AWS does, repeated ones included: DynamoDB, Cognito and the
key set of a user pool. So a new call is under test without a line here.
"""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from threading import Event
from typing import Final, override

import httpx

from tests.backend.loopback import QuietHandler, serve

_HUNG: Final = 20.0
"""Seconds until a hung connection ends by itself: longer than any request may take."""

_SLOW: Final = 2.0
"""Seconds of a slow answer: below the function's timeout of 3."""


class Fault(StrEnum):
    """A fault of one call. `before` means AWS did nothing, and `after` means it did the call."""

    THROTTLED = "throttled"
    FAILED = "error 500"
    FAILED_AFTER = "error 500 after"
    UNREADABLE = "error 503 without a readable body"
    HUNG = "timeout before"
    HUNG_AFTER = "timeout after"
    CUT = "connection cut before"
    CUT_AFTER = "connection cut after"
    CUT_MIDWAY = "connection cut in the answer"
    SLOW = "slow"
    EMPTY = "empty answer before"
    EMPTY_AFTER = "empty answer after"


WAITING: Final = frozenset({Fault.HUNG, Fault.HUNG_AFTER, Fault.SLOW})
"""Faults that take seconds of waiting each."""

_DONE: Final = frozenset(
    {
        *(None, Fault.SLOW),
        *(Fault.FAILED_AFTER, Fault.HUNG_AFTER, Fault.CUT_AFTER),
        *(Fault.CUT_MIDWAY, Fault.EMPTY_AFTER),
    }
)
"""Faults of calls that AWS does, or has done."""

_THROTTLED: Final = {
    "DynamoDB": "ProvisionedThroughputExceededException",
    "AWSCognitoIdentityProviderService": "TooManyRequestsException",
}
"""The code of throttling, by the service in the header `X-Amz-Target`."""


type Plan = Callable[[int], Fault | None]
"""The fault of a call by its number, from 0 on; None for none."""


def no_faults(_number: int) -> None:
    """Let each call through, and do nothing after it."""


@dataclass
class FaultyAws:
    """The calls of the function, and the plan of faults for the next ones."""

    endpoint: str
    """The emulator."""

    plan: Plan = no_faults
    after: Callable[[int], None] = no_faults
    """Something to do after AWS has done a call and before the function gets the answer."""

    calls: list[str] = field(default_factory=list[str])
    """The operations of the calls, or the paths of requests for keys."""

    url: str = ""
    """The endpoint for the function."""

    over: Event = field(default_factory=Event)
    """The end of hung connections."""

    def start(self, plan: Plan = no_faults, after: Callable[[int], None] = no_faults) -> None:
        """Forget the calls so far, and use a plan for the next ones."""
        self.calls, self.plan, self.after = [], plan, after

    def note(self, name: str) -> Fault | None:
        """Add a call, and return its fault."""
        self.calls.append(name)
        return self.plan(len(self.calls) - 1)


class FaultyHandler(QuietHandler):
    """Passes the calls of one function on, or answers with their fault."""

    protocol_version = "HTTP/1.1"
    aws: FaultyAws
    emulator: httpx.Client

    @override
    def handle(self) -> None:
        # A killed function closes its connection at any moment.
        with suppress(ConnectionError):
            super().handle()

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target: str = self.headers.get("X-Amz-Target", "")
        fault = self.aws.note(target.rpartition(".")[2] or self.path)
        if fault is Fault.SLOW:
            self.aws.over.wait(_SLOW)
        number = len(self.aws.calls) - 1
        answer = self._forward(body) if fault in _DONE else None
        self.aws.after(number)
        self._answer(fault, target, answer)

    do_GET = do_POST  # noqa: N815 - http.server's name

    def _forward(self, body: bytes) -> httpx.Response:
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {"connection", "content-length"}
        }
        url = f"{self.aws.endpoint}{self.path}"
        return self.emulator.request(self.command, url, content=body, headers=headers)

    def _answer(self, fault: Fault | None, target: str, answer: httpx.Response | None) -> None:
        match fault:
            case Fault.HUNG | Fault.HUNG_AFTER:
                self.aws.over.wait(_HUNG)
                self.close_connection = True
            case Fault.CUT | Fault.CUT_AFTER:
                self.close_connection = True
            case Fault.CUT_MIDWAY if answer is not None:
                self._send(answer.status_code, answer.content, missing=1)
                self.close_connection = True
            case Fault.EMPTY | Fault.EMPTY_AFTER:
                self._send(HTTPStatus.OK, b"")
            case Fault.UNREADABLE:
                self._send(HTTPStatus.SERVICE_UNAVAILABLE, b"<html>")
            case Fault.FAILED | Fault.FAILED_AFTER:
                self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerError")
            case Fault.THROTTLED:
                code = _THROTTLED.get(target.partition("_")[0].partition(".")[0])
                status = HTTPStatus.BAD_REQUEST if code else HTTPStatus.TOO_MANY_REQUESTS
                self._refuse(status, code)
            case _:
                assert answer is not None
                self._send(answer.status_code, answer.content)

    def _refuse(self, status: int, code: str | None) -> None:
        self._send(status, json.dumps({"__type": code, "message": "made up"}).encode())

    def _send(self, status: int, body: bytes, missing: int = 0) -> None:
        """Send an answer, with some bytes of its body missing."""
        head = (
            f"HTTP/1.1 {int(status)} x\r\nContent-Type: application/x-amz-json-1.0\r\n"
            f"Content-Length: {len(body) + missing}\r\n\r\n"
        )
        # In one piece: two would wait for each other's acknowledgement.
        self.wfile.write(head.encode() + body)


@contextmanager
def run_faulty_aws(endpoint: str) -> Generator[FaultyAws]:
    """Serve an emulator through a proxy on a free port until the block ends."""
    aws = FaultyAws(endpoint)
    with httpx.Client(trust_env=False, timeout=30) as client:
        handler = type("Handler", (FaultyHandler,), {"aws": aws, "emulator": client})
        with serve(handler) as aws.url:
            try:
                yield aws
            finally:
                aws.over.set()
