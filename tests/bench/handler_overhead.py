"""What the app adds to a warm request: `GET /health` beside a bare FastAPI and Mangum app."""

import os
import statistics
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from fastapi import FastAPI
from mangum import Mangum

from src.api.health import Health
from tests.backend.lambda_handler import handler_environment, make_event
from tests.bench.settings import BROWSER_HEADERS, make_settings

_BATCHES: Final = 50
_CALLS: Final = 100
_AIM: Final = 1.3

type _Handler = Callable[[dict[str, Any], Any], object]


def measure_handler_overhead() -> dict[str, str]:
    """Time both handlers in one process, in turns; its log goes nowhere, as fast as it can."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        own, bare = _median_times(_own_handler(), _bare_handler())
    verdict = "" if own / bare <= _AIM else f", above the aim of {_AIM}"
    return {
        "warm GET /health": f"{own:.0f} µs",
        "warm GET /health, bare FastAPI and Mangum": f"{bare:.0f} µs",
        "ratio": f"{own / bare:.2f}{verdict}",
    }


def _own_handler() -> _Handler:
    with pytest.MonkeyPatch.context() as environment:
        settings = make_settings("http://127.0.0.1", "bench")
        for name, value in handler_environment(settings).items():
            environment.setenv(name, value)
        environment.setenv("LOG_LEVEL", settings.log_level)
        from src.main import handler  # noqa: PLC0415 - reads the environment

    return handler


def _bare_handler() -> _Handler:
    app = FastAPI()

    @app.get("/health")
    async def get_health() -> Health:  # pyright: ignore[reportUnusedFunction] - FastAPI's
        return Health(version="1", environment="bench")

    return Mangum(app, lifespan="off")


def _median_times(*handlers: _Handler) -> list[float]:
    """The median time of a call of each, in microseconds."""
    times: list[list[int]] = [[] for _ in handlers]
    for batch in range(_BATCHES + 1):
        for measured, handler in zip(times, handlers, strict=True):
            calls = _time_calls(handler)
            # The first batch is to warm up.
            measured.extend(calls if batch else [])
    return [statistics.median(measured) / 1000 for measured in times]


def _time_calls(handler: _Handler) -> list[int]:
    event = make_event("GET", "/health", **BROWSER_HEADERS)
    context = SimpleNamespace(aws_request_id="lambda-id")
    times: list[int] = []
    for _ in range(_CALLS):
        started = time.perf_counter_ns()
        handler(event, context)
        times.append(time.perf_counter_ns() - started)
    return times
