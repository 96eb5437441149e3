"""`portfolio adopt --check`: existing resources, and the effect of `pulumi up` on them."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from infra.errors import AdoptionError, StackError, ToolMissingError
from infra.settings import load_stage_settings
from infra.settings.files import LOCAL, is_preview, short_name
from portfolio.adoption.domain import DomainClients, find_domain
from portfolio.adoption.dynamodb_table import find_table
from portfolio.adoption.function_and_role import find_function_and_role
from portfolio.adoption.log_groups import find_log_groups
from portfolio.adoption.monitoring import MonitoringClients, find_monitoring
from portfolio.adoption.outcomes import Finding, Owned, Subject, judge
from portfolio.adoption.role_holders import find_role_holders
from portfolio.adoption.user_pool import find_identity
from portfolio.engine.pulumi_cli import run_pulumi
from portfolio.engine.recording import register_stage
from portfolio.errors.aws_errors import explain_aws_errors
from portfolio.stage_access import StageAccess, open_deployed

if TYPE_CHECKING:
    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties
    from portfolio.terminal import Terminal

type Wanted = Mapping[tuple[str, str], Properties]
"""Inputs of the program's resources, by type and name."""

_MARKS = {
    "make": "·",
    **dict.fromkeys(("ours", "adopt", "change"), "✓"),
    **dict.fromkeys(("lose", "beside", "second", "overwrite", "unproven"), "!"),
}
_STYLES = {"✓": "green", "!": "yellow", "✗": "bold red"}


def load_adopting_settings(stack: str) -> "StageSettings":
    """Read the settings of a stage.

    Raises:
        AdoptionError: if the stack is a preview or the local stage.
        SettingsError: if the stage has no file, or its settings are wrong.
    """
    stage = short_name(stack)
    if is_preview(stage) or stage == LOCAL:
        raise AdoptionError(
            f"{stack} cannot adopt resources, because it is temporary. Check dev or prod instead."
        )
    return load_stage_settings(stage)


def find_wanted(stack: str, settings: "StageSettings") -> Wanted:
    """Run the program for a stack without creating resources.

    Raises:
        PortfolioError: if the program refuses the settings.
    """
    registered = register_stage(short_name(stack), settings)
    return {(each.type, each.name): each.inputs for each in registered}


def check_adoption(
    stack: str, settings: "StageSettings", wanted: Wanted, terminal: "Terminal", *, as_json: bool
) -> None:
    """Print the existing resources with a stage's names, and the effect of `pulumi up` on them.

    Args:
        stack: the stack's name in Pulumi.
        settings: the stage's settings, from `load_adopting_settings`.
        wanted: the program's resources, from `find_wanted`.
        terminal: prints the findings.
        as_json: prints JSON instead of text.

    Raises:
        PortfolioError: if the account is wrong, or AWS does not answer, or `pulumi up` would fail
            or lose users.
    """
    stage = short_name(stack)
    access = open_deployed(stack, settings)
    owned = _read_owned(stack, partial(_warn_beside_json, terminal) if as_json else terminal.warn)
    with explain_aws_errors(stack):
        findings = [judge(subject, owned) for subject in _find_subjects(access, settings, wanted)]
        findings += find_role_holders(access.client("cognito-idp"), settings, stack)
    if as_json:
        terminal.say(json.dumps([_as_json(each) for each in findings], indent=2))
    else:
        _show(findings, stage, terminal)
    failing = sum(each.fails for each in findings)
    if failing:
        raise AdoptionError(
            f"{stack} is not ready for pulumi up. Fix {failing} of {len(findings)} resources first."
        )


def _read_owned(stack: str, warn: Callable[[str], None]) -> Owned | None:
    """Read a stack's resources from its state. Return None, with a warning, if this fails."""
    try:
        state: Any = json.loads(run_pulumi("stack", "export", "--stack", stack))
    except (StackError, ToolMissingError) as error:
        if "no stack named" in str(error):
            return {}
        warn(f"{error} Resources with the stage's tags count as the stack's own.")
        return None
    resources: list[dict[str, Any]] = state["deployment"].get("resources", [])
    return {each["urn"].rpartition("$")[2]: each["id"] for each in resources if each.get("id")}


def _warn_beside_json(terminal: "Terminal", warning: str) -> None:
    """Print a warning on standard error, because standard output has the JSON."""
    terminal.note(f"! {warning}")


def _find_subjects(
    access: StageAccess, settings: "StageSettings", wanted: Wanted
) -> Iterator[Subject]:
    yield find_table(
        access.client("dynamodb"), settings, wanted["aws:dynamodb/table:Table", "table"]
    )
    yield from find_identity(
        access.client("cognito-idp"),
        settings,
        wanted["aws:cognito/userPool:UserPool", "identity"],
        wanted["aws:cognito/userPoolClient:UserPoolClient", "identity"],
        wanted["aws:cognito/userGroup:UserGroup", "identity-owner"],
    )
    yield from find_log_groups(
        access.client("logs"),
        settings,
        wanted["aws:cloudwatch/logGroup:LogGroup", "function"],
        wanted["aws:cloudwatch/logGroup:LogGroup", "api-access"],
    )
    yield from find_function_and_role(access.client("lambda"), access.client("iam"), settings)
    monitoring = MonitoringClients(access.client("cloudwatch"), access.client("sns"))
    yield from find_monitoring(monitoring, settings, wanted)
    domain = wanted.get(("aws:apigatewayv2/domainName:DomainName", "domain"))
    if domain:
        clients = DomainClients(
            gateway=access.client("apigatewayv2"),
            rest_gateway=access.client("apigateway"),
            certificates=access.client("acm"),
            dns=access.client("route53"),
        )
        yield from find_domain(clients, settings, domain)


def _show(findings: list[Finding], stage: str, terminal: "Terminal") -> None:
    for each in findings:
        mark = _MARKS.get(each.outcome, "✗")
        line = f"{mark} {each.subject.kind} {each.subject.name} {each.text}"
        terminal.say(line, _STYLES.get(mark, ""))
    _show_settings([each.line for each in findings if each.line], stage, terminal)


def _show_settings(lines: list[str], stage: str, terminal: "Terminal") -> None:
    if not lines:
        return
    different = list(dict.fromkeys(lines))
    terminal.say(f"\nAdd to Pulumi.{stage}.yaml, below config:")
    for line in different:
        terminal.say(f"  {line}")
    if len({line.rpartition(": ")[0] for line in different}) < len(different):
        terminal.say("\nIf a setting is listed twice, keep one of its lines.")


def _as_json(finding: Finding) -> dict[str, Any]:
    subject, existing = finding.subject, finding.subject.existing
    return {
        "kind": subject.kind,
        "name": subject.name,
        "id": existing and existing.id,
        "outcome": finding.outcome,
        "fails": finding.fails,
        "text": finding.text,
        "setting": finding.line,
    }
