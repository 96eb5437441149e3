"""HTML of the status page. Every value is escaped: most of them come from outside."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portfolio.terminal import printable_lines, without_secret

FOLDER: Final = Path(__file__).parent / "templates"

PAGES: Final = {
    "/": "Resources",
    "/routes": "Routes",
    "/requests": "Requests",
    "/table": "Table",
    "/users": "Users and mails",
    "/package": "Package",
}
"""The links at the top of each page, by path."""


def render(template: str, current: str = "", **values: object) -> str:
    """Return a page.

    Args:
        template: the name of a file in the folder of templates.
        current: the path of the page, to mark its link.
        values: the variables of the template.
    """
    return _TEMPLATES.get_template(template).render(pages=PAGES, current=current, **values)


def _make_harmless(value: object) -> object:
    r"""Escape control characters and reordering characters of texts: ESC becomes `\x1b`."""
    # Markup, a subclass of str, is HTML of the templates.
    return printable_lines(without_secret(value)) if type(value) is str else value


_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_make_harmless,
    trim_blocks=True,
    lstrip_blocks=True,
)
