"""The deployment of the Pulumi program onto the emulator, in this process."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from infra.settings.files import stage_config
from portfolio.engine.in_process import Engine, run_in_process
from portfolio.local.provider import EmulatorProvider

if TYPE_CHECKING:
    from portfolio.local.clients import EmulatorClients

type Program = Callable[[], Mapping[str, pulumi.Output[Any]]]
"""Registers resources and returns the stack's outputs."""


def deploy(program: Program, clients: "EmulatorClients", stage: str) -> dict[str, str]:
    """Deploy the program for a stage; return its outputs after every resource exists.

    Raises:
        PortfolioError: if the program or the emulator refuses something.
    """
    outputs: dict[str, str] = {}

    async def run() -> None:
        outputs.update(await pulumi.Output.all(**program()).future() or {})

    engine = Engine(EmulatorProvider(clients))
    run_in_process(run, engine, stage=stage, config=stage_config(stage))
    return outputs
