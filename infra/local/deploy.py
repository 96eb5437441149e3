"""The Pulumi program, run in this process and deployed onto the emulator."""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime.stack import run_pulumi_func

from infra.local.provider import EmulatorProvider
from infra.stage_files import PROJECT, stage_config

if TYPE_CHECKING:
    from infra.local.clients import EmulatorClients

type Program = Callable[[], Mapping[str, pulumi.Output[Any]]]
"""Registers resources and returns the stack's outputs."""


def deploy(program: Program, clients: "EmulatorClients", stage: str = "local") -> dict[str, str]:
    """Run the program for a stage and return its outputs once every resource exists.

    Raises:
        PortfolioError: whatever the program or the emulator refuses.
    """
    with asyncio.Runner() as runner:
        # The SDK ties its state to the loop that is current when the mocks are set.
        asyncio.set_event_loop(runner.get_loop())
        pulumi.runtime.set_mocks(EmulatorProvider(clients), project=PROJECT, stack=stage)
        pulumi.runtime.set_all_config(dict(stage_config(stage)))
        # The runner kept the context of before, which knows neither mocks nor configuration.
        return runner.run(_run(program), context=copy_context())


async def _run(program: Program) -> dict[str, str]:
    resolved: dict[str, str] = {}

    async def run_program() -> None:
        resolved.update(await pulumi.Output.all(**program()).future() or {})

    await run_pulumi_func(run_program)
    return resolved
