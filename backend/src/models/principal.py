"""The caller, as named by a verified ID token."""

from dataclasses import dataclass

OWNER_GROUP = "owner"
"""Name of the owners' group in Cognito."""


@dataclass(frozen=True, kw_only=True)
class Principal:
    """The bearer of a valid ID token."""

    subject: str
    """The user's `sub` at Cognito."""

    username: str
    """The user's name in the user pool; a pool with sign-in by e-mail uses the `sub`."""

    email: str
    is_email_verified: bool
    name: str
    """The name on the site, or the part of the e-mail before the @."""

    groups: frozenset[str]

    @property
    def is_owner(self) -> bool:
        """True if the bearer may write."""
        return OWNER_GROUP in self.groups
