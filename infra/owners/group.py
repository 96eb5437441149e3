"""The group of a user pool whose members may write."""

from typing import Final

OWNER_GROUP: Final = "owner"
"""Its name, which the backend knows too."""
