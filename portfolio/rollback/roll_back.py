"""The steps of `portfolio rollback`: move the alias `live` now, and pin it for later deployments.

Each of the three steps can be repeated:

1. Pin the version in the stack's configuration. From now on, `pulumi up` keeps `live` on it.
2. Move the alias with Lambda's own API. A targeted `pulumi up` would run the program and build the
   zip first. It is slower, and more can fail while the site is down.
3. Refresh the alias in Pulumi's state, and the stack's output `live_version`. A refresh changes
   nothing in AWS.
"""

from typing import TYPE_CHECKING, Final

from infra.components.names import LIVE_VERSION, live_alias_urn, root_urn
from infra.errors import StackError
from infra.settings import load_stage_settings
from infra.settings.files import is_preview
from portfolio.engine.pulumi_cli import run_pulumi
from portfolio.errors.aws_errors import explain_aws_errors
from portfolio.rollback.versions import make_live, read_versions
from portfolio.stage_access import open_deployed, read_stack_outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.settings import StageSettings
    from portfolio.terminal import Terminal

PIN: Final = "pinnedVersion"
"""The setting with the version of `live`."""


def roll_back(stack: str, version: int | None, terminal: "Terminal") -> None:
    """Move `live` to a version, by default the previous one, and pin it.

    Raises:
        PortfolioError: if the version does not exist, with a list of the versions, or the stack
            cannot be changed.
    """
    settings = _rollback_settings(stack)
    client = open_deployed(stack, settings).functions
    with explain_aws_errors(stack):
        versions = read_versions(client, settings.name)
        chosen = versions.choose(version)
        run_pulumi("config", "set", PIN, str(chosen), "--stack", stack)
        make_live(client, settings.name, chosen)
    _refresh_state(stack, chosen, terminal)
    terminal.say(f"{settings.name}: live is now version {chosen} (before: {versions.live}).")
    terminal.say(
        f"Pulumi.{stack}.yaml pins the version: commit that change, or a deployment from another "
        "checkout moves live to the newest version. To remove the pin: "
        f"portfolio rollback --unpin --stack {stack}"
    )


def lift_pin(stack: str, terminal: "Terminal") -> None:
    """Remove the pin, so that the next `pulumi up` moves `live` to the newest version.

    Raises:
        PortfolioError: if the stack's configuration cannot be read or changed.
    """
    pinned = _rollback_settings(stack).pinned_version
    if pinned is None:
        terminal.say(f"Pulumi.{stack}.yaml does not pin a version.")
        return
    run_pulumi("config", "rm", PIN, "--stack", stack)
    terminal.say(
        f"Pulumi.{stack}.yaml no longer pins version {pinned}: the next pulumi up --stack {stack} "
        "moves live to the newest."
    )


def _rollback_settings(stack: str) -> "StageSettings":
    if is_preview(stack):
        raise StackError(
            f"{stack} shares its settings with every preview, so a pin would apply to all of them: "
            "deploy an earlier commit instead."
        )
    if stack == "local":
        raise StackError(
            "The local stage has no earlier versions: it runs the code in backend/src."
        )
    return load_stage_settings(stack)


def _refresh_state(stack: str, version: int, terminal: "Terminal") -> None:
    try:
        _refresh(stack, read_stack_outputs(stack) | {LIVE_VERSION: str(version)})
    except StackError as error:
        terminal.warn(f"{error} The next pulumi up updates Pulumi's state.")


def _refresh(stack: str, outputs: "Mapping[str, object]") -> None:
    """Refresh the alias with a program that exports these outputs, and nothing else."""
    import pulumi  # noqa: PLC0415 - slow to import
    from pulumi import automation  # noqa: PLC0415 - slow to import

    from portfolio.engine.workspace import open_workspace  # noqa: PLC0415 - imports both

    def program() -> None:
        for name, value in outputs.items():
            pulumi.export(name, value)

    with open_workspace(stack) as workspace:
        automation.Stack.select(stack, workspace).refresh(
            program=program,
            run_program=True,
            target=[root_urn(stack), live_alias_urn(stack)],
            color="never",
            show_secrets=False,
        )
