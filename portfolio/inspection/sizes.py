"""Sizes and changes in words."""

from typing import Final

_UNITS: Final = ((1024**2, "MB"), (1024, "kB"))


def format_size(size: int) -> str:
    """Return a size in a readable unit, such as `14.8 MB`."""
    for unit, name in _UNITS:
        if abs(size) >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} B"


def format_change(before: int, after: int) -> str:
    """Return the difference of two sizes with its sign, such as `+14.8 MB`."""
    return f"{'+' if after > before else ''}{format_size(after - before)}"


def format_percent(before: float, after: float) -> str:
    """Return a change in per cent with its sign, such as `+1.5 %`."""
    return f"{100 * (after / before - 1):+.1f} %"
