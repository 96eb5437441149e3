"""The program of `pulumi up`."""

import pulumi

from infra.deployment import deploy, running_program
from infra.processes.environment import clean_environment
from infra.processes.interruption import ending_on_engines_signal
from infra.processes.printable import make_pythons_output_printable

clean_environment()
make_pythons_output_printable()

with ending_on_engines_signal(), running_program(__file__):
    deployed = deploy(pulumi.log.info)
"""The zip, kept in use until the engine has read it."""
