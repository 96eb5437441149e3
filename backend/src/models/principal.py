"""The caller, as named by a verified access token."""

from dataclasses import dataclass

OWNER_GROUP = "owner"
"""Name of the owners' group in Cognito."""


@dataclass(frozen=True)
class Principal:
    """The bearer of a valid access token."""

    subject: str
    """The user's `sub` at Cognito."""

    groups: frozenset[str]
    token: str
    """The token itself, for calls to Cognito on behalf of the bearer."""

    @property
    def is_owner(self) -> bool:
        """True if the bearer may write."""
        return OWNER_GROUP in self.groups
