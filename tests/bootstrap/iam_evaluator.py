"""Evaluate policies with MiniStack's IAM evaluator, in the emulator's own environment."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from portfolio.local.emulator import install_emulator

type Context = Mapping[str, str | list[str]]
"""IAM's condition keys and their values in a request."""

_START = """
import json, sys
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

asked = json.load(sys.stdin)
def context_of(request):
    return EvalContext(
        principal_arn="arn:aws:sts::123456789012:assumed-role/deploy/run",
        principal_type="AssumedRole",
        principal_account="123456789012",
        action=request["action"],
        resource_arn=request["resource"],
        region="us-east-1",
        source_ip="127.0.0.1",
        secure_transport=True,
        service_context={key.lower(): value for key, value in request["context"].items()},
    )
contexts = [context_of(request) for request in asked["requests"]]
"""

_EVALUATE = """
policies, *limits = ([parse_policy_document(document) for document in layer]
                     for layer in asked["layers"])
json.dump([evaluate(context, policies, *limits).decision == "Allow" for context in contexts],
          sys.stdout)
"""

# Without a Deny, a policy allows the requests of any of its statements.
_COMPARE = """
def allows(statements, context):
    return evaluate(context, [statements]).decision == "Allow"

def parse(statement):
    return parse_policy_document({"Version": "2012-10-17", "Statement": [statement]})

def is_unnoticed(number, mutant):
    changed = parse(mutant) if mutant else []
    for index in orders[number]:
        others = counts[index] - answers[number][index]
        if not others and allows(changed, contexts[index]) != answers[number][index]:
            return False
    return True

def service_of(action):
    return action.partition(":")[0]

def answers_of(statement):
    parsed, actions = parse(statement), set(statement["Action"])
    assert not any("*" in action for action in actions), actions
    return [context.action in actions and allows(parsed, context) for context in contexts]

def order_for(statement):
    # The requests to the statement's own service differ first.
    own = service_of(statement["Action"][0])
    return sorted(range(len(contexts)), key=lambda each: services[each] != own)

services = [service_of(context.action) for context in contexts]
orders = [order_for(statement) for statement in asked["statements"]]
answers = [answers_of(statement) for statement in asked["statements"]]
counts = [sum(column) for column in zip(*answers)]
json.dump([is_unnoticed(*mutant) for mutant in asked["mutants"]], sys.stdout)
"""


@dataclass(frozen=True)
class Request:
    """A call in the form of IAM."""

    action: str
    resource: str
    context: Context = field(default_factory=dict[str, str | list[str]])


def allowed(
    requests: Sequence[Request], policies: Sequence[Any], *limits: Sequence[Any]
) -> list[bool]:
    """Return True for each request allowed by the policies and by each of the limits."""
    return _run(_EVALUATE, requests, layers=[list(policies), *map(list, limits)])


def unnoticed(
    requests: Sequence[Request], statements: Sequence[Any], mutants: Sequence[tuple[int, Any]]
) -> list[bool]:
    """Return True for each mutant that answers all requests as the unchanged statements do.

    Args:
        requests: the requests to answer.
        statements: the statements of a role's policies, all with the effect Allow.
        mutants: each with the index of the statement that it replaces; None removes it.
    """
    assert {each["Effect"] for each in statements} == {"Allow"}
    return _run(_COMPARE, requests, statements=statements, mutants=mutants)


def _run(script: str, requests: Sequence[Request], **asked: Any) -> list[bool]:
    run = subprocess.run(
        [_python(), "-c", _START + script],
        input=json.dumps({**asked, "requests": [asdict(request) for request in requests]}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@cache
def _python() -> Path:
    return install_emulator()
