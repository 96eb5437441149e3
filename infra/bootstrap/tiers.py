"""The two tiers. The stages of a tier share a deploy role; tiers share nothing."""

from dataclasses import dataclass
from typing import Final, Literal

type TierName = Literal["production", "development"]


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A tier: its stages, and the workflow runs allowed to deploy them."""

    environments: tuple[str, ...]
    """Environments of the stages, as patterns for IAM."""

    subjects: tuple[str, ...]
    """Subjects of GitHub's tokens for these runs, without the repository."""

    backup_subjects: tuple[str, ...]
    """Subjects of the runs allowed to read the items of tables, for backups; empty without any."""

    may_delete_data: bool
    """Allow the deploy role to delete tables, user pools and logs. Else an administrator must."""


TIERS: Final[dict[TierName, Tier]] = {
    "production": Tier(
        environments=("production",),
        # The rules of the environment on GitHub set the approvers and branches.
        subjects=("environment:production",),
        # Each run in the environment of the deployments waits for an approval.
        backup_subjects=("environment:backup",),
        may_delete_data=False,
    ),
    "development": Tier(
        environments=("development", "pr-*"),
        # Pull requests from forks get no token from GitHub.
        subjects=("ref:refs/heads/main", "pull_request"),
        backup_subjects=(),
        may_delete_data=True,
    ),
}
