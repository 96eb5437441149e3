"""The Lambda function: the API's name, its site and its version."""

from typing import Final

TITLE: Final = "Portfolio API"
"""The API's name for people."""

SITE: Final = "patrickcmd.dev"
"""The site's domain; the API has a name below it."""

__version__: Final = "0.1.0"
"""The API's version; the metadata of the installed package is not in the zip."""
