"""The program of `pulumi up`."""

import pulumi

from infra.deployment import deploy
from infra.processes.environment import drop_git_variables

drop_git_variables()

deployed = deploy(pulumi.log.info)
"""The zip, kept in use until the engine has read it."""
