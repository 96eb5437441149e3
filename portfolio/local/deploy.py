"""The deployment of the Pulumi program onto the emulator, in this process."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from infra.settings.files import stage_config
from portfolio.engine.in_process import Engine, run_in_process
from portfolio.local.provider import EmulatorProvider, Ledger

if TYPE_CHECKING:
    from portfolio.local.clients import EmulatorClients

type Program = Callable[[], Mapping[str, pulumi.Output[Any]]]
"""Registers resources and returns the stack's outputs."""


def deploy(
    program: Program, clients: "EmulatorClients", stage: str, ledger: Ledger | None = None
) -> dict[str, str]:
    """Deploy the program for a stage; return its outputs after every resource exists.

    Args:
        program: registers the resources.
        clients: the emulator's clients.
        stage: the stack's name.
        ledger: the resources of earlier deployments. They are changed in place, or deleted if the
            program does not register them any more; the ledger is updated.

    Raises:
        PortfolioError: if the program or the emulator refuses something.
    """
    outputs: dict[str, str] = {}

    async def run() -> None:
        outputs.update(await pulumi.Output.all(**program()).future() or {})

    provider = EmulatorProvider(clients, ledger=ledger)
    run_in_process(run, Engine(provider), stage=stage, config=stage_config(stage))
    provider.remove_rest()
    return outputs
