"""`portfolio rollback`: another version behind `live`, at once and for the deployments to come.

Three steps, each of which may be repeated:

1. The version is pinned in the stack's configuration. Whatever happens next, `pulumi up` will
   put it behind `live` and leave it there.
2. The alias is moved, by Lambda's own API. A targeted `pulumi up` would do it too, but runs the
   program and builds the zip first: too slow, and too much that can fail, while the site is down.
3. Pulumi reads the alias again, so that its state has what is there.
"""

from typing import TYPE_CHECKING, Final

from infra.components.names import live_alias_urn
from infra.errors import StackError
from infra.settings import load_stage_settings
from infra.settings.files import is_preview
from portfolio.aws_errors import explain_aws_errors
from portfolio.engine.pulumi_cli import run_pulumi
from portfolio.rollback.versions import make_live, read_versions
from portfolio.stage_access import open_deployed

if TYPE_CHECKING:
    from infra.settings import StageSettings
    from portfolio.terminal import Terminal

PIN: Final = "pinnedVersion"
"""The setting that keeps `live` where it is."""


def roll_back(stack: str, version: int | None, terminal: "Terminal") -> None:
    """Put a version behind `live`, by default the one before, and pin it there.

    Raises:
        PortfolioError: if there is no such version, with those that there are; or if the stack
            or its account cannot be changed.
    """
    settings = _rollback_settings(stack)
    client = open_deployed(stack, settings).functions
    with explain_aws_errors(stack):
        versions = read_versions(client, settings.name)
        chosen = versions.choose(version)
        run_pulumi("config", "set", PIN, str(chosen), "--stack", stack)
        make_live(client, settings.name, chosen)
    _refresh_state(stack, terminal)
    terminal.say(f"{settings.name}: live is version {chosen}, and was {versions.live}.")
    terminal.say(
        f"Pulumi.{stack}.yaml pins it: commit that, or a deployment from elsewhere moves live on. "
        f"portfolio rollback --unpin --stack {stack} lets it follow the newest version again."
    )


def lift_pin(stack: str, terminal: "Terminal") -> None:
    """Let the next `pulumi up` put the newest version behind `live` again.

    Raises:
        PortfolioError: if the stack's configuration cannot be read or changed.
    """
    pinned = _rollback_settings(stack).pinned_version
    if pinned is None:
        terminal.say(f"Pulumi.{stack}.yaml pins no version.")
        return
    run_pulumi("config", "rm", PIN, "--stack", stack)
    terminal.say(
        f"Pulumi.{stack}.yaml no longer pins version {pinned}: the next pulumi up --stack {stack} "
        "moves live to the newest."
    )


def _rollback_settings(stack: str) -> "StageSettings":
    if is_preview(stack):
        raise StackError(
            f"{stack} shares its settings with every preview, where one version would be pinned "
            "for all: deploy the commit that worked instead."
        )
    if stack == "local":
        raise StackError("The local stage has no earlier versions: it runs what is in backend/src.")
    return load_stage_settings(stack)


def _refresh_state(stack: str, terminal: "Terminal") -> None:
    try:
        run_pulumi(
            *("refresh", "--yes", "--skip-preview", "--suppress-outputs"),
            *("--target", live_alias_urn(stack), "--stack", stack),
        )
    except StackError as error:
        terminal.warn(f"{error} Pulumi's state follows with the next pulumi up.")
