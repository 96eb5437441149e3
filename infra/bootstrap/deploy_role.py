"""The role that deploys a tier's stages, and the most that the roles it makes can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

GITHUB: Final = "token.actions.githubusercontent.com"
"""Who says what a workflow run is."""

AUDIENCE: Final = "sts.amazonaws.com"
"""Whom its tokens are for."""

_SESSION_SECONDS: Final = 3600


@dataclass(frozen=True, kw_only=True)
class DeployRoleArgs:
    """What a deploy role needs to know."""

    name: str
    boundary_name: str
    boundary: Mapping[str, Any]
    """The policy that bounds the roles it makes."""

    oidc_provider_arn: pulumi.Input[str]
    subjects: Sequence[str]
    """Of GitHub's tokens: the workflow runs that may take it."""

    operators: Sequence[str]
    """The users and roles of people who may take it too, by their ARNs."""

    policies: Mapping[str, pulumi.Input[Mapping[str, Any]]]
    """What it may do, by name."""

    tags: Mapping[str, str]


class DeployRole(pulumi.ComponentResource):
    """A role that one repository's workflow runs and its operators take; it has no key to steal."""

    arn: pulumi.Output[str]
    boundary_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: DeployRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("portfolio-api:bootstrap:DeployRole", name, None, opts)
        boundary = self._policy(f"{name}-boundary", args.boundary_name, args.boundary, args.tags)
        role = aws.iam.Role(
            name,
            name=args.name,
            description="Deploys the stages of its tier.",
            assume_role_policy=pulumi.Output.json_dumps(_trust(args)),
            max_session_duration=_SESSION_SECONDS,
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


def _trust(args: DeployRoleArgs) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [_trust_in_runs(args), *([_trust_in_people(args)] if args.operators else [])],
    }


def _trust_in_runs(args: DeployRoleArgs) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": args.oidc_provider_arn},
        "Condition": {
            "StringEquals": {f"{GITHUB}:aud": AUDIENCE, f"{GITHUB}:sub": list(args.subjects)}
        },
    }


def _trust_in_people(args: DeployRoleArgs) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": list(args.operators)},
    }
