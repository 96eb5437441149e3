"""A deploy role can deploy its own stages, but cannot change others or gain more power."""

import json
from typing import Any

import pytest

from infra.bootstrap.permissions import (
    Limit,
    boundary_policy,
    deploy_grants,
    deploy_policies,
    state_policy,
)
from infra.bootstrap.program import scope_of
from infra.bootstrap.settings import parse_bootstrap_settings
from infra.paths import PROJECT
from infra.settings.files import stack_of, stages
from tests.bootstrap.bootstrap_registration import tier_config
from tests.bootstrap.escalations import escalations
from tests.bootstrap.iam_evaluator import Request, allowed
from tests.bootstrap.provider_calls import (
    ACCOUNT,
    BESIDES_THE_PROGRAM,
    DOMAIN,
    PROVIDER_CALLS,
    REGION,
    ZONE,
    Call,
)
from tests.bootstrap.state_calls import state_arns, state_calls
from tests.infra.registration import register

STAGES = {"production": ["production"], "development": ["development", "pr-12"]}
OTHER = {"production": "development", "development": "production"}
DATA = {"dynamodb:DeleteTable", "cognito-idp:DeleteUserPool", "logs:DeleteLogGroup"}
"""Calls to delete data. Production's role must not make them."""


def settings(tier: str) -> Any:
    # Both tiers have the same account and domain, so only the grants separate them.
    domain = {"hostedZoneId": ZONE.rpartition("/")[2], "domainNames": f'["{DOMAIN}"]'}
    return parse_bootstrap_settings(tier_config("prod", tier=tier, account=ACCOUNT, **domain))


def policies_of(tier: str) -> list[Any]:
    """Return all policies attached to a tier's role."""
    return [state_policy(*state_arns(tier)), *deploy_policies(scope_of(settings(tier))).values()]


def calls() -> list[Call]:
    return [
        *(call for calls in PROVIDER_CALLS.values() for call in calls),
        *BESIDES_THE_PROGRAM,
    ]


@pytest.mark.parametrize("stack", [stack_of(stage) for stage in stages()])
def test_the_calls_of_each_resource_type_are_listed(stack: str) -> None:
    types = {each.type for each in register(stack, preview=True).resources}
    made = {each for each in types if not each.startswith((f"{PROJECT}:", "pulumi:"))}
    assert made <= set(PROVIDER_CALLS)


@pytest.mark.parametrize("tier", STAGES)
def test_a_role_may_make_all_calls_for_its_stages(tier: str) -> None:
    needed = [call.request(stage, tier) for stage in STAGES[tier] for call in calls()]
    if tier == "production":
        needed = [request for request in needed if request.action not in DATA]
    answers = allowed(needed, policies_of(tier))
    assert [request for request, answer in zip(needed, answers, strict=True) if not answer] == []


def test_only_an_administrator_deletes_productions_data() -> None:
    deleting = [call.request("production", "production") for call in calls()]
    deleting = [request for request in deleting if request.action in DATA]
    assert {request.action for request in deleting} == DATA
    assert not any(allowed(deleting, policies_of("production")))


@pytest.mark.parametrize("tier", STAGES)
def test_a_role_has_exactly_the_calls_for_its_tiers_state(tier: str) -> None:
    needed = list(state_calls(tier))
    assert all(allowed(needed, policies_of(tier)))
    granted = {action for each in policies_of(tier)[0]["Statement"] for action in each["Action"]}
    assert granted == {request.action for request in needed}


@pytest.mark.parametrize("tier", STAGES)
def test_a_role_does_not_reach_the_other_tiers_state(tier: str) -> None:
    assert not any(allowed(list(state_calls(OTHER[tier])), policies_of(tier)))


@pytest.mark.parametrize("tier", STAGES)
def test_a_role_may_do_nothing_to_other_stages(tier: str) -> None:
    others = STAGES[OTHER[tier]]
    foreign = [call.request(stage, tier) for stage in others for call in calls() if not call.shared]
    answers = allowed(foreign, policies_of(tier))
    assert [request for request, answer in zip(foreign, answers, strict=True) if answer] == []


def test_shared_resources_are_in_the_list_of_exceptions() -> None:
    scope = scope_of(settings("production"))
    grants = [grant for area in deploy_grants(scope).values() for grant in area]
    exceptions = [grant for grant in grants if grant.limit is Limit.NOTHING]
    assert all(grant.reason for grant in exceptions)
    named_by_domain = {"Domains"}
    shared = {call.action for call in calls() if call.shared}
    excepted = {
        action
        for grant in grants
        if grant in exceptions or grant.sid in named_by_domain
        for action in grant.actions
    }
    assert shared == excepted


def test_every_grant_is_needed() -> None:
    granted = {
        action
        for area in deploy_grants(scope_of(settings("development"))).values()
        for grant in area
        for action in (*grant.actions, *grant.deletes_data)
    }
    assert granted == {call.action for call in calls()}


@pytest.mark.parametrize("tier", STAGES)
def test_a_role_gets_no_more_power(tier: str) -> None:
    asked = escalations(tier, STAGES[tier][0], STAGES[OTHER[tier]][0])
    answers = allowed(list(asked.values()), policies_of(tier))
    assert [name for name, answer in zip(asked, answers, strict=True) if answer] == []


def test_the_boundary_limits_an_administrators_policy() -> None:
    anything = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
    }
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table"
    within = [
        Request("dynamodb:PutItem", f"{table}/pr-12-{PROJECT}-table"),
        Request("dynamodb:Query", f"{table}/pr-12-{PROJECT}-table/index/by-views"),
    ]
    beyond = [
        Request("dynamodb:PutItem", f"{table}/production-{PROJECT}-table"),
        Request("dynamodb:DeleteTable", f"{table}/pr-12-{PROJECT}-table"),
        Request("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x"),
        Request("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/{PROJECT}-development-deploy"),
    ]
    limits = [boundary_policy(scope_of(settings("development")))]
    assert allowed([*within, *beyond], [anything], limits) == [True] * 2 + [False] * 4


def test_the_boundary_allows_the_calls_of_each_functions_role() -> None:
    registration = register("dev", preview=False)
    document = json.loads(registration.only("aws:iam/rolePolicy:RolePolicy").inputs["policy"])
    limits = boundary_policy(scope_of(settings("development")))
    within = {action for each in limits["Statement"] for action in each["Action"]}
    assert {action for each in document["Statement"] for action in each["Action"]} <= within
