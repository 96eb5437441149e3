"""Pulumi programs run in this process, on our own engine (Pulumi's testing interface)."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import Any, cast, override

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.stack import run_pulumi_func

from infra.components.replacement import READ_STATE
from infra.paths import PROJECT
from infra.processes.background import run_abandonable

type Program = Callable[[], Awaitable[None] | None]
"""Registers resources; the run waits for all of them."""


class Engine(MockMonitor):
    """An engine in this process: mocks create the resources, and get whole numbers as int."""

    def __init__(self, mocks: Mocks) -> None:
        """Create resources with these mocks."""
        super().__init__(_WithWholeNumbers(mocks))


class _WithWholeNumbers(Mocks):
    """Mocks behind a conversion of the inputs; an earlier deployment does not exist."""

    def __init__(self, mocks: Mocks) -> None:
        self._mocks = mocks

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        args.inputs = whole_numbers(args.inputs)
        return cast("tuple[str | None, dict[str, Any]]", self._mocks.new_resource(args))

    @override
    def call(self, args: MockCallArgs) -> Any:
        if args.token == READ_STATE:
            return {"outputs": {}}, []
        args.args = whole_numbers(args.args)
        return cast("Any", self._mocks.call(args))


def whole_numbers(value: Any) -> Any:  # noqa: ANN401 - JSON and Pulumi's assets
    """Return the value with whole floats as int, at every depth.

    Pulumi's protocol has one type for all numbers, and makes floats of them.
    """
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {name: whole_numbers(item) for name, item in items}
    if isinstance(value, list):
        return [whole_numbers(item) for item in cast("list[Any]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def run_in_process(
    program: Program,
    engine: Engine,
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
