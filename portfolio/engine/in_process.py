"""A Pulumi program run in this process, on an engine of ours: Pulumi's own testing interface."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING

import pulumi
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func

from infra.processes.background import run_abandonable
from infra.settings.files import PROJECT

if TYPE_CHECKING:
    from pulumi.runtime.mocks import MockMonitor

type Program = Callable[[], Awaitable[None] | None]
"""Registers resources; those it starts are waited for."""


def run_in_process(
    program: Program,
    engine: "MockMonitor",
    *,
    stage: str,
    config: Mapping[str, str],
    preview: bool = False,
) -> None:
    """Run a program until all that it registers is there, and leave nothing of it in Pulumi.

    Args:
        program: registers the resources.
        engine: takes the registrations; its mocks make the resources.
        stage: the stack's name.
        config: its configuration, as the engine would hand it over.
        preview: whether outputs that the provider leaves out are unknown rather than None.

    Raises:
        PortfolioError: whatever the program or the provider refuses.
        KeyboardInterrupt: if a signal arrives; the program is not waited for then.
    """

    def run() -> None:
        with _event_loop() as runner:
            pulumi.runtime.set_mocks(engine.mocks, PROJECT, stage, preview, monitor=engine)
            pulumi.runtime.set_all_config(dict(config))
            # One failure fails all that waits for it, and asyncio would print each.
            runner.get_loop().set_exception_handler(lambda _loop, _context: None)
            # The runner kept the context of before, which knows neither mocks nor configuration.
            runner.run(run_pulumi_func(program), context=copy_context())

    # What an earlier run that failed has left belongs to a loop that is closed.
    SETTINGS.rpc_manager.clear()  # pyright: ignore[reportAttributeAccessIssue]
    SETTINGS.outputs.clear()  # pyright: ignore[reportAttributeAccessIssue]
    # Pulumi's state lies in context variables: a context of our own leaves none behind. In a
    # thread, since Pulumi catches a KeyboardInterrupt and waits for all resources even then.
    run_abandonable(partial(copy_context().run, run))


@contextmanager
def _event_loop() -> Generator[asyncio.Runner]:
    """A loop whose worker threads have loops too, as Pulumi wants, all of them closed after."""
    loops: list[asyncio.AbstractEventLoop] = []

    def start_worker() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    try:
        with asyncio.Runner() as runner:
            # The SDK ties its state to the loop that is current when the mocks are set.
            asyncio.set_event_loop(runner.get_loop())
            runner.get_loop().set_default_executor(ThreadPoolExecutor(4, initializer=start_worker))
            yield runner
    finally:
        for loop in loops:
            loop.close()
