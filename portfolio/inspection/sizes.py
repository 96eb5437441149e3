"""Sizes as people read them."""

from typing import Final

_UNITS: Final = ((1024**2, "MB"), (1024, "kB"))


def format_size(size: int) -> str:
    """A size in the unit that suits it, as in `14.8 MB`."""
    for unit, name in _UNITS:
        if abs(size) >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} B"


def format_change(before: int, after: int) -> str:
    """How a size changed, as in `+14.8 MB`."""
    return f"{'+' if after > before else ''}{format_size(after - before)}"
