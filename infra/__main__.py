"""What `pulumi up` runs: build the zip, deploy the stage, export its outputs."""

import pulumi

from infra.environment import made_up_environment
from infra.errors import PortfolioError
from infra.package import Target, build_package, choose_engine
from infra.program import check_contract, deploy
from infra.settings import load_settings


def main() -> None:
    """Deploy the selected stack.

    Raises:
        pulumi.RunError: with one clear message, where the user has something to mend.
    """
    try:
        settings = load_settings()
        check_contract(settings)
        engine = choose_engine(
            settings.package_engine,
            image=settings.package_image,
            command=settings.container_command,
            progress=pulumi.log.info,
        )
        package = build_package(
            Target(architecture=settings.architecture),
            environment=made_up_environment(),
            engine=engine,
            progress=pulumi.log.info,
        )
        outputs = deploy(settings, package)
    except PortfolioError as error:
        raise pulumi.RunError(str(error)) from None
    for name, value in outputs.items():
        pulumi.export(name, value)


main()
