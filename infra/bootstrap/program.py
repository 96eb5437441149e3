"""The resources of a tier's bootstrap."""

from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from infra.bootstrap.backup_role import BackupRole, BackupRoleArgs
from infra.bootstrap.deploy_role import AUDIENCE, GITHUB, DeployRole, DeployRoleArgs
from infra.bootstrap.permissions import (
    Scope,
    backup_policy,
    boundary_policy,
    deploy_policies,
    state_policy,
)
from infra.bootstrap.state_store import StateStore, StateStoreArgs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from infra.bootstrap.settings import BootstrapSettings

type Outputs = dict[str, pulumi.Output[str]]


def deploy(settings: "BootstrapSettings") -> Outputs:
    """Register all resources; return the outputs needed in GitHub and in the stages' files."""
    provider = aws.Provider("aws", region=settings.region, allowed_account_ids=[settings.account])
    here = pulumi.ResourceOptions(providers=[provider])
    state = _state_store(settings, here)
    oidc_provider_arn = _oidc_provider_arn(settings, provider)
    role = _deploy_role(settings, state, oidc_provider_arn, here)
    region = settings.region
    return {
        "backend_url": pulumi.Output.concat("s3://", state.bucket, f"?region={region}"),
        "secrets_provider": pulumi.Output.concat("awskms://", state.key_alias, f"?region={region}"),
        "deploy_role": role.arn,
        "permissions_boundary": role.boundary_arn,
        **_backup_role(settings, oidc_provider_arn, here),
    }


def scope_of(settings: "BootstrapSettings") -> Scope:
    """Return the scope of the tier's deploy role."""
    return Scope(
        region=settings.region,
        account=settings.account,
        environments=settings.tier.environments,
        may_delete_data=settings.tier.may_delete_data,
        boundary_arn=f"arn:aws:iam::{settings.account}:policy/{_boundary_name(settings)}",
        hosted_zone_id=settings.hosted_zone_id,
        domain_names=settings.domain_names,
    )


def _boundary_name(settings: "BootstrapSettings") -> str:
    return f"{settings.name}-boundary"


def _state_store(settings: "BootstrapSettings", here: pulumi.ResourceOptions) -> StateStore:
    args = StateStoreArgs(
        # A bucket name must be unique in all AWS accounts.
        name=f"{settings.name}-state-{settings.account}",
        retention_days=settings.state_retention_days,
        tags=settings.tags,
    )
    return StateStore("state", args, here)


def _deploy_role(
    settings: "BootstrapSettings",
    state: StateStore,
    oidc_provider_arn: pulumi.Input[str],
    here: pulumi.ResourceOptions,
) -> DeployRole:
    scope = scope_of(settings)
    own_state: pulumi.Output[Mapping[str, Any]] = pulumi.Output.all(
        state.bucket_arn, state.key_arn
    ).apply(lambda arns: state_policy(*arns))
    args = DeployRoleArgs(
        name=f"{settings.name}-deploy",
        boundary_name=_boundary_name(settings),
        boundary=boundary_policy(scope),
        oidc_provider_arn=oidc_provider_arn,
        subjects=_subjects(settings, settings.tier.subjects),
        operators=settings.operators,
        policies={"state": own_state, **deploy_policies(scope)},
        tags=settings.tags,
    )
    return DeployRole("deploy", args, here)


def _backup_role(
    settings: "BootstrapSettings",
    oidc_provider_arn: pulumi.Input[str],
    here: pulumi.ResourceOptions,
) -> Outputs:
    """Create the role for backups if the tier has them, and return the output with its ARN."""
    if not settings.tier.backup_subjects:
        return {}
    args = BackupRoleArgs(
        name=f"{settings.name}-backup",
        oidc_provider_arn=oidc_provider_arn,
        subjects=_subjects(settings, settings.tier.backup_subjects),
        policy=backup_policy(scope_of(settings)),
        tags=settings.tags,
    )
    return {"backup_role": BackupRole("backup", args, here).arn}


def _subjects(settings: "BootstrapSettings", subjects: "Iterable[str]") -> list[str]:
    return [f"repo:{settings.repository}:{subject}" for subject in subjects]


def _oidc_provider_arn(settings: "BootstrapSettings", provider: aws.Provider) -> pulumi.Input[str]:
    if not settings.create_oidc_provider:
        return f"arn:aws:iam::{settings.account}:oidc-provider/{GITHUB}"
    return aws.iam.OpenIdConnectProvider(
        "github",
        url=f"https://{GITHUB}",
        client_id_lists=[AUDIENCE],
        tags=settings.tags,
        # Other roles of the account may use it, for example those of the other tier.
        opts=pulumi.ResourceOptions(provider=provider, retain_on_delete=True),
    ).arn
