"""A program for the engine to run in this process (Automation API), with a clean-up."""

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final

import pulumi
from pulumi.automation._server import LanguageServer

from infra.errors import PortfolioError

type Outputs = Mapping[str, pulumi.Input[Any]]
type Program = Callable[[], Outputs]
"""Registers resources and returns the stack's outputs."""

_PATIENCE: Final = 60.0
"""Seconds for a program to end after its engine has stopped."""


class InlineProgram:
    """A program; the engine calls it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._thread = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def __call__(self) -> None:
        self._thread, self._loop = threading.get_ident(), asyncio.get_running_loop()
        try:
            outputs = self.program()
        except PortfolioError as error:
            raise pulumi.RunError(str(error)) from None
        for name, value in outputs.items():
            pulumi.export(name, value)

    def tidy_up(self) -> None:
        """Close the event loop: Pulumi leaves it open if the engine stops first.

        Raises:
            AssertionError: if the program is still running.
        """
        self._wait_until_left()
        if self._loop and not self._loop.is_closed():
            self._loop.run_until_complete(_finish(asyncio.all_tasks(self._loop)))
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()
        self._thread, self._loop = 0, None

    def _wait_until_left(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self._is_run():
            assert time.monotonic() < deadline, "the program is still running without its engine"
            time.sleep(0.01)

    def _is_run(self) -> bool:
        frame = sys._current_frames().get(self._thread)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as documented
        if frame is None:
            return False
        codes = [each.f_code for each, _ in traceback.walk_stack(frame)]
        # A coroutine may end during the walk and lose its caller: the list is incomplete then.
        is_complete = codes[-1].co_qualname == "Thread._bootstrap"
        return not is_complete or LanguageServer.Run.__code__ in codes


async def _finish(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
