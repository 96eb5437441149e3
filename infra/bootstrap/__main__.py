"""The entry point of `pulumi up` in this folder: deploy the bootstrap of a tier."""

import pulumi

from infra.bootstrap.program import deploy
from infra.bootstrap.settings import load_bootstrap_settings
from infra.deployment import running_program
from infra.processes.environment import clean_environment
from infra.processes.interruption import ending_on_engines_signal
from infra.processes.printable import make_pythons_output_printable


def main() -> None:
    """Deploy the selected tier and export its outputs.

    Raises:
        pulumi.RunError: if the settings are wrong; the message says how to fix them.
    """
    clean_environment()
    make_pythons_output_printable()
    with ending_on_engines_signal(), running_program(__file__):
        for name, value in deploy(load_bootstrap_settings()).items():
            pulumi.export(name, value)


main()
