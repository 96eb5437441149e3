"""What `pulumi up` runs: check, build the zip, deploy the stage, export its outputs."""

import pulumi

from infra.account import check_account
from infra.contract.environment import check_contract
from infra.deployment import build_stage_package
from infra.errors import PortfolioError
from infra.package import Package
from infra.processes.environment import drop_git_variables
from infra.program import deploy
from infra.settings import load_settings


def main() -> Package:
    """Deploy the selected stack.

    Returns:
        What is deployed, to be held on to until the engine has read it.

    Raises:
        pulumi.RunError: with one clear message, where the user has something to mend.
    """
    drop_git_variables()
    try:
        settings = load_settings()
        check_contract(settings)
        check_account(settings)
        package = build_stage_package(settings, pulumi.log.info)
        outputs = deploy(settings, package)
    except PortfolioError as error:
        raise pulumi.RunError(str(error)) from None
    for name, value in outputs.items():
        pulumi.export(name, value)
    return package


deployed = main()
