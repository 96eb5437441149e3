"""Pulumi programs run in this process, on our own engine (Pulumi's testing interface)."""

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
"""Registers resources; the run waits for all of them."""


def run_in_process(
    program: Program,
    engine: "MockMonitor",
    *,
    stage: str,
    config: Mapping[str, str],
    preview: bool = False,
) -> None:
    """Run a program until all its resources exist, and restore Pulumi's global state.

    Args:
        program: registers the resources.
        engine: receives the registrations; its mocks create the resources.
        stage: the stack's name.
        config: the stack's configuration, in the engine's format.
        preview: True if missing outputs are unknown, False if they are None.

    Raises:
        PortfolioError: if the program or the provider refuses something.
        KeyboardInterrupt: if a signal arrives; the program is then abandoned.
    """

    def run() -> None:
        with _event_loop() as runner:
            pulumi.runtime.set_mocks(engine.mocks, PROJECT, stage, preview, monitor=engine)
            pulumi.runtime.set_all_config(dict(config))
            # One failure fails every waiting task, and asyncio would print each of them.
            runner.get_loop().set_exception_handler(lambda _loop, _context: None)
            # The runner's own context is older: it has neither the mocks nor the configuration.
            runner.run(run_pulumi_func(program), context=copy_context())

    # Leftovers of an earlier, failed run belong to a closed event loop.
    SETTINGS.rpc_manager.clear()  # pyright: ignore[reportAttributeAccessIssue]
    SETTINGS.outputs.clear()  # pyright: ignore[reportAttributeAccessIssue]
    # Pulumi's state is in context variables: a copied context leaves none behind. The thread is
    # needed because Pulumi catches a KeyboardInterrupt and still waits for all resources.
    run_abandonable(partial(copy_context().run, run))


@contextmanager
def _event_loop() -> Generator[asyncio.Runner]:
    """Run an event loop; Pulumi needs one in each worker thread too. Close all at the end."""
    loops: list[asyncio.AbstractEventLoop] = []

    def start_worker() -> None:
        loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(loops[-1])

    try:
        with asyncio.Runner() as runner:
            # The SDK binds its state to the current loop at the time of `set_mocks`.
            asyncio.set_event_loop(runner.get_loop())
            runner.get_loop().set_default_executor(ThreadPoolExecutor(4, initializer=start_worker))
            yield runner
    finally:
        for loop in loops:
            loop.close()
