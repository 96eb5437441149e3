"""The role of the nightly backup: it reads the items of the tier's tables, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.bootstrap.deploy_role import SESSION_SECONDS, trust_in_runs
from infra.paths import PROJECT


@dataclass(frozen=True, kw_only=True)
class BackupRoleArgs:
    """The arguments of a role for backups."""

    name: str
    oidc_provider_arn: pulumi.Input[str]
    subjects: Sequence[str]
    """Subjects of GitHub's tokens, to select the workflow runs allowed to assume the role."""

    policy: Mapping[str, Any]
    tags: Mapping[str, str]


class BackupRole(pulumi.ComponentResource):
    """A role for the backup's workflow runs, apart from the deploy role.

    The deploy role cannot read items. And runs with that role wait for an approval in production.
    """

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: BackupRoleArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:bootstrap:BackupRole", name, None, opts)
        here = pulumi.ResourceOptions(parent=self)
        trust = {
            "Version": "2012-10-17",
            "Statement": [trust_in_runs(args.oidc_provider_arn, args.subjects)],
        }
        role = aws.iam.Role(
            name,
            name=args.name,
            description="Reads the items of the tier's tables for backups.",
            assume_role_policy=pulumi.Output.json_dumps(trust),
            max_session_duration=SESSION_SECONDS,
            tags=args.tags,
            opts=here,
        )
        policy = aws.iam.Policy(
            name,
            name=args.name,
            policy=pulumi.Output.json_dumps(args.policy),
            tags=args.tags,
            opts=here,
        )
        aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=policy.arn, opts=here)
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
