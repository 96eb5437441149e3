"""cloudsplaining's findings in the policies of all roles, for `make lint`.

Ways to more power count even with a condition or a limited resource. Other findings count only
without a limit.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, Final

from cloudsplaining.scan.policy_document import PolicyDocument

from infra.bootstrap.permissions import backup_policy, boundary_policy
from infra.bootstrap.program import scope_of
from tests.bootstrap.test_deploy_role import STAGES, policies_of, settings
from tests.infra.registration import register

_BOUNDED: Final = "the role has the name of a stage of the tier, and the tier's boundary"
_OWN: Final = "the function and its role have the name of a stage of the tier"

ACCEPTED: Final = {
    "PutRolePolicy": _BOUNDED,
    "UpdateRolePolicyToAssumeIt": _BOUNDED,
    "PutRolePolicyThenUpdateAssumeRolePolicy": _BOUNDED,
    "EditExistingLambdaFunctionWithRole": _OWN,
    "UpdateLambdaFunctionAndAddPermission": f"{_OWN}; only API Gateway may call the function",
    "PassExistingRoleToNewLambdaThenAddPermission": f"{_OWN}, and only Lambda gets the role",
}
"""Ways to more power in the deploy roles, with the reason that each leads to no more."""


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each policy of a role, and each boundary, with its place."""
    for tier in STAGES:
        for number, policy in enumerate(policies_of(tier)):
            yield f"deploy role of {tier}, policy {number}", policy
        yield f"boundary of {tier}", boundary_policy(scope_of(settings(tier)))
    yield "backup role", backup_policy(scope_of(settings("production")))
    role = register("prod", preview=False).only("aws:iam/rolePolicy:RolePolicy")
    yield "function's role", json.loads(role.inputs["policy"])


def findings(policy: dict[str, Any]) -> Iterator[str]:
    """Yield the names of a policy's findings."""
    strict = PolicyDocument(
        policy, flag_conditional_statements=True, flag_resource_arn_statements=True
    )
    yield from (way["type"] for way in strict.allows_privilege_escalation)
    yield from strict.credentials_exposure
    plain = PolicyDocument(policy)
    yield from plain.allows_data_exfiltration_actions
    yield from plain.permissions_management_without_constraints
    yield from plain.write_actions_without_constraints
    yield from (f"{service}:*" for service in plain.service_wildcard)


def main() -> int:
    """Print the findings that nobody has accepted, and accepted ones that are gone.

    Returns:
        The exit code: 1 if there are any.
    """
    found = [(place, name) for place, policy in documents() for name in findings(policy)]
    problems = [f"{place}: {name}" for place, name in found if name not in ACCEPTED]
    problems += [
        f"accepted, but not found: {name}"
        for name in ACCEPTED.keys() - dict.fromkeys(name for _, name in found)
    ]
    for problem in sorted(problems):
        sys.stdout.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
