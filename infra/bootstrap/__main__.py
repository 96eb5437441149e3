"""The entry point of `pulumi up` in this folder: deploy the bootstrap of a tier."""

import pulumi

from infra.bootstrap.program import deploy
from infra.bootstrap.settings import load_bootstrap_settings
from infra.deployment import pulumi_errors
from infra.processes.environment import drop_git_variables
from infra.processes.interruption import ending_on_engines_signal


def main() -> None:
    """Deploy the selected tier and export its outputs.

    Raises:
        pulumi.RunError: if the settings are wrong; the message says how to fix them.
    """
    drop_git_variables()
    with ending_on_engines_signal(), pulumi_errors():
        for name, value in deploy(load_bootstrap_settings()).items():
            pulumi.export(name, value)


main()
