"""`portfolio repair`."""

from portfolio.commands.options import DeployedStack, begin


def repair(*, stack: DeployedStack) -> None:
    """Repair the state of a stage after its deployment was killed; pulumi up then continues.

    Resources that were being created go into the state if AWS has them.

    Examples:
        portfolio repair --stack dev
    """
    terminal = begin(f"{stack}: reading its state")
    from infra.settings import load_stage_settings
    from infra.settings.files import short_name
    from portfolio.pending.finish import finish_pending_of

    finish_pending_of(stack, load_stage_settings(short_name(stack)), terminal.note)
    terminal.say(f"{stack} has no pending resources. Continue with pulumi up -s {stack}.")
