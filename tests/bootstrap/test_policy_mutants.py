"""No role's policy can lose or gain anything unnoticed."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from infra.bootstrap.permissions import backup_policy, boundary_policy
from infra.bootstrap.program import scope_of
from infra.paths import PROJECT
from tests.bootstrap.escalations import escalations
from tests.bootstrap.iam_evaluator import Request, allowed, unnoticed
from tests.bootstrap.mutants import mutants
from tests.bootstrap.neighbours import neighbours
from tests.bootstrap.provider_calls import ACCOUNT, REGION, Call
from tests.bootstrap.state_calls import state_calls
from tests.bootstrap.test_deploy_role import DATA, OTHER, STAGES, calls, policies_of, settings
from tests.infra.registration import register

ITEM_ACTIONS = ("BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")


@dataclass(frozen=True)
class Role:
    """A role or boundary: its policies, and the requests to answer."""

    policies: list[Any]
    needed: list[Request]
    forbidden: list[Request]


def deploy_role(tier: str) -> Role:
    stages, others = STAGES[tier], STAGES[OTHER[tier]]
    needed, beside = list(state_calls(tier)), list(around(state_calls(tier)))
    for stage in stages:
        requests = [call.request(stage, tier) for call in deploying_calls(tier)]
        needed += requests
        beside += [each for one in requests for each in neighbours(one, f"{stage}-{PROJECT}")]
    foreign = [call.request(stage, tier) for stage in others for call in calls() if not call.shared]
    ways = escalations(tier, stages[0], others[0]).values()
    return Role(
        policies_of(tier),
        needed,
        [*beside, *foreign, *state_calls(OTHER[tier]), *ways],
    )


def deploying_calls(tier: str) -> list[Call]:
    return [call for call in calls() if tier == "development" or call.action not in DATA]


def around(requests: Iterable[Request]) -> Iterator[Request]:
    for request in requests:
        yield from neighbours(request, PROJECT)


def function_calls(table: str, log_group: str) -> Iterator[Request]:
    """Yield the calls of the function with tracing."""
    for action in ITEM_ACTIONS:
        yield Request(f"dynamodb:{action}", table)
    yield Request("dynamodb:Query", f"{table}/index/by-views")
    for action in ("CreateLogStream", "PutLogEvents"):
        yield Request(f"logs:{action}", f"{log_group}:log-stream:2026/11/28/7")
    for action in ("PutTelemetryRecords", "PutTraceSegments"):
        yield Request(f"xray:{action}", "*")


def function_role() -> Role:
    policy = register("prod", preview=False).only("aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    # The engine of the test answers with these ARNs.
    table, log_group = (
        f"arn:aws:service:region:123456789012:{name}" for name in ("table", "function")
    )
    needed = list(function_calls(table, log_group))
    index = f"{table}/index/by-views"
    forbidden = [
        Request("dynamodb:Query", f"{table}/index/other"),
        Request("dynamodb:Query", f"{index}2"),
        *(Request(f"dynamodb:{action}", f"{table}2") for action in ITEM_ACTIONS),
        *(Request(f"dynamodb:{action}", index) for action in ITEM_ACTIONS if action != "Query"),
    ]
    return Role([json.loads(policy)], needed, [*around(needed), *forbidden])


def boundary(tier: str) -> Role:
    needed, foreign = (
        [
            request
            for stage in stages
            for request in function_calls(
                f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{stage}-{PROJECT}-table",
                f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{stage}-{PROJECT}",
            )
        ]
        for stages in (STAGES[tier], STAGES[OTHER[tier]])
    )
    foreign = [request for request in foreign if request.resource != "*"]
    policy = boundary_policy(scope_of(settings(tier)))
    return Role([policy], needed, [*around(needed), *foreign])


def backup_role() -> Role:
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{{}}-{PROJECT}-table"
    needed, foreign = (
        [Request(f"dynamodb:{action}", table.format(stage)) for action in ("BatchGetItem", "Query")]
        for stage in ("production", "development")
    )
    policy = backup_policy(scope_of(settings("production")))
    return Role([policy], needed, [*around(needed), *foreign])


ROLES: dict[str, Callable[[], Role]] = {
    "deploy role of production": lambda: deploy_role("production"),
    "deploy role of development": lambda: deploy_role("development"),
    "boundary of production": lambda: boundary("production"),
    "boundary of development": lambda: boundary("development"),
    "backup role": backup_role,
    "function's role": function_role,
}


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> Role:
    return ROLES[request.param]()


def test_a_role_may_make_the_needed_requests_and_no_neighbours(role: Role) -> None:
    expected = [
        *((each, True) for each in role.needed),
        *((each, False) for each in role.forbidden),
    ]
    answers = allowed([request for request, _ in expected], role.policies)
    wrong = [each for each, answer in zip(expected, answers, strict=True) if answer != each[1]]
    assert wrong == []


def test_a_role_has_no_action_beyond_the_needed_ones(role: Role) -> None:
    statements = [each for policy in role.policies for each in policy["Statement"]]
    granted = {action for each in statements for action in each["Action"]}
    assert granted == {request.action for request in role.needed}


@pytest.mark.real
def test_a_mutant_of_a_policy_changes_an_answer(role: Role) -> None:
    statements = [each for policy in role.policies for each in policy["Statement"]]
    made = [
        (f"{statement['Sid']}: {change}", index, mutant)
        for index, statement in enumerate(statements)
        for change, mutant in mutants(statement)
    ]
    changed = [(index, mutant) for _, index, mutant in made]
    alive = unnoticed([*role.needed, *role.forbidden], statements, changed)
    assert [name for (name, *_), each in zip(made, alive, strict=True) if each] == []
