"""`portfolio` commands on a stack: the engine has its state, the emulator replaces AWS."""

import os
from typing import Final

from infra.settings import load_stage_settings
from portfolio.local.emulator import ACCESS_KEY, Emulator
from tests.commands import run_command
from tests.real.engine.stage_stack import StageStack

OTHER_ACCOUNT: Final = "999999999999"
"""An account outside of every stage's `allowedAccounts`."""


def account_of(stage: str) -> str:
    """Return a stage's account; on the emulator it is the access key too."""
    return load_stage_settings(stage).allowed_accounts[0]


def command_variables(stack: StageStack, emulator: Emulator, account: str) -> dict[str, str]:
    """Return the environment for a command on a stack and an account of the emulator."""
    return {
        **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
        **stack.variables,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "NO_PROXY": "127.0.0.1,localhost",
    }


class StackCommands:
    """Commands in this process."""

    def __init__(self, stack: StageStack, emulator: Emulator) -> None:
        self._variables = command_variables(stack, emulator, account_of(stack.name))

    def portfolio(self, *arguments: str, typed: str = "", code: int = 0, **more: str) -> str:
        """Run a command and return its output on one line.

        Args:
            arguments: the command and its options.
            typed: its standard input.
            code: the expected exit code.
            more: other environment variables.
        """
        finished = run_command(*arguments, typed=typed, env=self._variables | more)
        assert finished.code == code, finished.printed
        return " ".join(finished.printed.split())
