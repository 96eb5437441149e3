"""Who is calling, as a verified access token tells it."""

from dataclasses import dataclass

OWNER_GROUP = "owner"
"""The Cognito group whose members run the site."""


@dataclass(frozen=True)
class Principal:
    """The bearer of a valid access token."""

    subject: str
    """The Cognito `sub`."""

    groups: frozenset[str]
    token: str
    """The token itself, for the calls to Cognito made in the bearer's name."""

    @property
    def is_owner(self) -> bool:
        """Whether the bearer may write."""
        return OWNER_GROUP in self.groups
