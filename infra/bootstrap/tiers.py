"""The two tiers: stages that share a deploy role, and nothing with those of the other."""

from dataclasses import dataclass
from typing import Final, Literal

type TierName = Literal["production", "development"]


@dataclass(frozen=True, kw_only=True)
class Tier:
    """Stages, and the workflow runs that deploy them."""

    environments: tuple[str, ...]
    """The stages' environments, as IAM's patterns."""

    subjects: tuple[str, ...]
    """What GitHub's token for such a run has as its subject, after the repository."""

    may_delete_data: bool
    """Whether its role may delete what holds data; else that takes an administrator."""


TIERS: Final[dict[TierName, Tier]] = {
    "production": Tier(
        environments=("production",),
        # The environment's own rules on GitHub say who approves, and from which branches.
        subjects=("environment:production",),
        may_delete_data=False,
    ),
    "development": Tier(
        environments=("development", "pr-*"),
        # GitHub gives no token to a pull request from a fork.
        subjects=("ref:refs/heads/main", "pull_request"),
        may_delete_data=True,
    ),
}
