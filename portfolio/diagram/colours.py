"""The style sheet of the picture: type, and colours for light and dark pages."""

from collections.abc import Mapping
from typing import Final

from portfolio.diagram.box import SIZES
from portfolio.diagram.layout import LABEL_SIZE

_LIGHT: Final = {
    "page": "#ffffff",
    "card": "#f6f8fa",
    "line": "#d1d9e0",
    "text": "#1f2328",
    "muted": "#59636e",
    "client": "#59636e",
    "request": "#0969da",
    "end": "#1a7f37",
    "aside": "#8250df",
}
_DARK: Final = {
    "page": "#0d1117",
    "card": "#151b23",
    "line": "#3d444d",
    "text": "#f0f6fc",
    "muted": "#9198a1",
    "client": "#9198a1",
    "request": "#4493f8",
    "end": "#3fb950",
    "aside": "#ab7df8",
}
_ROLES: Final = ("client", "request", "end", "aside")

_TYPE: Final = f"""
text {{ font-family: -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }}
.frame {{ fill: none; stroke-dasharray: 5 4; }}
.frame-title {{ font-size: 13px; font-weight: 600; }}
.title {{ font-size: {SIZES["title"]}px; font-weight: 600; }}
.fact {{ font-size: {SIZES["fact"]}px; }}
.service {{ font-size: {SIZES["service"]}px; }}
.resource {{ font-size: {SIZES["resource"]}px; }}
.label {{ font-size: {LABEL_SIZE}px; text-anchor: middle; dominant-baseline: central; }}
.label {{ paint-order: stroke; stroke-width: 6px; stroke-linejoin: round; }}
.way {{ fill: none; stroke-width: 1.75px; }}
.way.aside {{ stroke-dasharray: 4 4; }}
"""


def style_sheet() -> str:
    """Return the rules for light pages, and those for readers who prefer dark ones."""
    dark = "\n".join(f"  {rule}" for rule in _colour_rules(_DARK))
    light = "\n".join(_colour_rules(_LIGHT))
    return f"{_TYPE}{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def _colour_rules(colours: Mapping[str, str]) -> list[str]:
    return [
        f".page {{ fill: {colours['page']}; }}",
        f".frame {{ stroke: {colours['line']}; }}",
        f".card {{ fill: {colours['card']}; stroke: {colours['line']}; }}",
        f".title, .resource {{ fill: {colours['text']}; }}",
        f".fact, .service, .frame-title, .label {{ fill: {colours['muted']}; }}",
        f".label {{ stroke: {colours['page']}; }}",
        *(f".way.{role} {{ stroke: {colours[role]}; }}" for role in _ROLES),
        *(f".mark.{role} {{ fill: {colours[role]}; }}" for role in _ROLES),
    ]
