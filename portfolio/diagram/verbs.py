"""Plain words for the links between parts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from portfolio.diagram.words import module_of

if TYPE_CHECKING:
    from portfolio.engine.recording import Registered

_VERBS: Final = {
    "aws:apigatewayv2/apiMapping:ApiMapping": "routes requests to",
    "aws:apigatewayv2/integration:Integration": "invokes",
    "aws:apigatewayv2/authorizer:Authorizer": "checks tokens with",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "watches",
    "aws:cloudwatch/dashboard:Dashboard": "watches",
    "aws:lambda/function:Function": "uses",
}
"""The purpose of AWS types between two parts, the clearest first."""

_POLICIES: Final = ("aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy")
_READING: Final = ("BatchGet", "ConditionCheck", "Describe", "Get", "List", "Query", "Scan")
"""Beginnings of the read-only actions."""


@dataclass(frozen=True)
class Need:
    """A resource and one of its dependencies in another part."""

    source: "Registered"
    target: "Registered"


def find_verb(needs: Sequence[Need]) -> str:
    """Return a verb for the link between two parts, or nothing if none can be derived.

    The actions in an IAM policy come first; else the type of a resource says it.

    Args:
        needs: all dependencies of one part on the other.
    """
    actions = {action for need in needs for action in _allowed_actions(need)}
    if actions:
        reads = {action.startswith(_READING) for action in actions}
        return " and ".join(
            verb for verb, found in (("reads", True), ("writes", False)) if found in reads
        )
    types = {need.source.type for need in needs}
    return next((verb for token, verb in _VERBS.items() if token in types), "")


def _allowed_actions(need: Need) -> Iterator[str]:
    """Yield the allowed actions on the target's service, without the service's name."""
    policy = need.source.inputs.get("policy")
    if need.source.type not in _POLICIES or not isinstance(policy, str):
        return
    statements = cast("list[dict[str, Any]]", json.loads(policy)["Statement"])
    for statement in statements:
        listed: str | list[str] = statement.get("Action", [])
        for action in [listed] if isinstance(listed, str) else listed:
            service, _, name = action.partition(":")
            if statement["Effect"] == "Allow" and service == module_of(need.target.type):
                yield name
