"""The Lambda function behind api.patrickcmd.dev."""

from typing import Final

__version__: Final = "0.1.0"
"""The API's version; the metadata of the installed package is not in the zip."""
