"""The deploy role of a tier, and the permissions boundary of the roles it creates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from infra.paths import PROJECT

GITHUB: Final = "token.actions.githubusercontent.com"
"""The issuer of the tokens of GitHub's workflow runs."""

AUDIENCE: Final = "sts.amazonaws.com"
"""The audience of the tokens."""

SESSION_SECONDS: Final = 3600
"""Maximum duration of a session."""


@dataclass(frozen=True, kw_only=True)
class DeployRoleArgs:
    """The arguments of a deploy role."""

    name: str
    boundary_name: str
    boundary: Mapping[str, Any]
    """Permissions boundary of the roles it creates."""

    oidc_provider_arn: pulumi.Input[str]
    subjects: Sequence[str]
    """Subjects of GitHub's tokens, to select the workflow runs allowed to assume the role."""

    operators: Sequence[str]
    """ARNs of the users and roles of people allowed to assume the role."""

    policies: Mapping[str, pulumi.Input[Mapping[str, Any]]]
    """Policies of the role, by name."""

    tags: Mapping[str, str]


class DeployRole(pulumi.ComponentResource):
    """A role for one repository's workflow runs and its operators, without long-term keys."""

    arn: pulumi.Output[str]
    boundary_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: DeployRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:bootstrap:DeployRole", name, None, opts)
        boundary = self._policy(f"{name}-boundary", args.boundary_name, args.boundary, args.tags)
        role = aws.iam.Role(
            name,
            name=args.name,
            description="Deploys the stages of its tier.",
            assume_role_policy=pulumi.Output.json_dumps(_trust(args)),
            max_session_duration=SESSION_SECONDS,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for area, document in args.policies.items():
            policy = self._policy(f"{name}-{area}", f"{args.name}-{area}", document, args.tags)
            aws.iam.RolePolicyAttachment(
                f"{name}-{area}",
                role=role.name,
                policy_arn=policy.arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.arn, self.boundary_arn = role.arn, boundary.arn
        self.register_outputs({"arn": self.arn, "boundary_arn": self.boundary_arn})

    def _policy(
        self,
        name: str,
        physical_name: str,
        document: pulumi.Input[Mapping[str, Any]],
        tags: Mapping[str, str],
    ) -> aws.iam.Policy:
        return aws.iam.Policy(
            name,
            name=physical_name,
            policy=pulumi.Output.json_dumps(document),
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )


def trust_in_runs(oidc_provider_arn: pulumi.Input[str], subjects: Sequence[str]) -> dict[str, Any]:
    """Return the statement to let workflow runs with these subjects assume a role."""
    return {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": oidc_provider_arn},
        "Condition": {"StringEquals": {f"{GITHUB}:aud": AUDIENCE, f"{GITHUB}:sub": list(subjects)}},
    }


def _trust(args: DeployRoleArgs) -> dict[str, Any]:
    runs = trust_in_runs(args.oidc_provider_arn, args.subjects)
    return {
        "Version": "2012-10-17",
        "Statement": [runs, *([_trust_in_people(args)] if args.operators else [])],
    }


def _trust_in_people(args: DeployRoleArgs) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": list(args.operators)},
    }
