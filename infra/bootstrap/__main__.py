"""What `pulumi up` runs in this folder: make a tier's bootstrap, and tell what to do with it."""

import pulumi

from infra.bootstrap.program import deploy
from infra.bootstrap.settings import load_bootstrap_settings
from infra.errors import PortfolioError
from infra.processes.environment import drop_git_variables


def main() -> None:
    """Deploy the selected tier.

    Raises:
        pulumi.RunError: with one clear message, where the user has something to mend.
    """
    drop_git_variables()
    try:
        settings = load_bootstrap_settings()
    except PortfolioError as error:
        raise pulumi.RunError(str(error)) from None
    for name, value in deploy(settings).items():
        pulumi.export(name, value)


main()
