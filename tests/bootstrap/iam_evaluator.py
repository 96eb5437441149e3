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

_EVALUATE = """
import json, sys
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

asked = json.load(sys.stdin)
policies, *limits = ([parse_policy_document(document) for document in layer]
                     for layer in asked["layers"])
def allowed(request):
    context = EvalContext(
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
    return evaluate(context, policies, *limits).decision == "Allow"
json.dump([allowed(request) for request in asked["requests"]], sys.stdout)
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
    asked = {
        "layers": [list(policies), *map(list, limits)],
        "requests": [asdict(request) for request in requests],
    }
    run = subprocess.run(
        [_python(), "-c", _EVALUATE],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@cache
def _python() -> Path:
    return install_emulator()
