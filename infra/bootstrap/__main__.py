"""The entry point of `pulumi up` in this folder: deploy the bootstrap of a tier."""

import pulumi

from infra.bootstrap.program import deploy
from infra.bootstrap.settings import load_bootstrap_settings
from infra.errors import PortfolioError
from infra.processes.environment import drop_git_variables


def main() -> None:
    """Deploy the selected tier and export its outputs.

    Raises:
        pulumi.RunError: if the settings are wrong; the message says how to fix them.
    """
    drop_git_variables()
    try:
        settings = load_bootstrap_settings()
    except PortfolioError as error:
        raise pulumi.RunError(str(error)) from None
    for name, value in deploy(settings).items():
        pulumi.export(name, value)


main()
