"""The commands on the shared local stage, as the owners' tests have them."""

from tests.owners.conftest import commands

__all__ = ["commands"]
