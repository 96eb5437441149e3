"""The program of `pulumi up`."""

import pulumi

from infra.deployment import deploy
from infra.processes.environment import drop_git_variables
from infra.processes.interruption import ending_on_engines_signal

drop_git_variables()

with ending_on_engines_signal():
    deployed = deploy(pulumi.log.info)
"""The zip, kept in use until the engine has read it."""
