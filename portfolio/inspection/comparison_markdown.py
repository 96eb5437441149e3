"""Markdown about the cost of a zip, for the comment on a pull request."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from infra.processes.printable import markdown_code
from portfolio.inspection.sizes import format_percent, format_size

if TYPE_CHECKING:
    from portfolio.inspection.measurements import Measurement

_HERE: Final = "this checkout"
_ALONE: Final = ("---", "--:")
_BESIDE: Final = ("---", "--:", "--:", "--:")


def describe_zip(own: "Measurement") -> str:
    """Return a table with the size and import time of one zip."""
    rows = [
        ("package", _HERE),
        _ALONE,
        ("zip size", format_size(own.size)),
        ("import time", _seconds(own)),
    ]
    return _join(rows, _explain_unknown_times({_HERE: own}))


def describe_zip_beside_base(own: "Measurement", base: "Measurement", name: str) -> str:
    """Return a table with the size and import time of two zips.

    Args:
        own: the zip of this checkout.
        base: the zip to compare with.
        name: the base's name: a commit or a file.
    """
    sizes = (format_size(base.size), format_size(own.size), format_percent(base.size, own.size))
    change = format_percent(base.seconds, own.seconds) if base.seconds and own.seconds else ""
    rows = [
        ("package", markdown_code(name), _HERE, "change"),
        _BESIDE,
        ("zip size", *sizes),
        ("import time", _seconds(base), _seconds(own), change),
    ]
    return _join(rows, _explain_unknown_times({markdown_code(name): base, _HERE: own}))


def describe_zip_without_base(own: "Measurement", name: str, reason: str) -> str:
    """Return the table of one zip, and the reason for the missing comparison.

    Args:
        own: the zip of this checkout.
        name: the commit to compare with.
        reason: the cause of the failure.
    """
    cause = markdown_code(reason.rstrip("."))
    sentence = f"The zip is not compared with {markdown_code(name)}: {cause}."
    return f"{describe_zip(own)}\n\n{sentence}"


def _join(rows: Sequence[Sequence[str]], reasons: Sequence[str]) -> str:
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return "\n\n".join([table, *reasons])


def _explain_unknown_times(measured: dict[str, "Measurement"]) -> list[str]:
    """Return one sentence for each reason. Zips with the same reason share a sentence."""
    untimed = {name: each.untimed for name, each in measured.items() if each.untimed}
    sentences: list[str] = []
    for reason in dict.fromkeys(untimed.values()):
        names = " and ".join(name for name, each in untimed.items() if each == reason)
        sentences.append(f"Import time unknown ({names}): {markdown_code(reason)}.")
    return sentences


def _seconds(measured: "Measurement") -> str:
    return "unknown" if measured.seconds is None else f"{measured.seconds:.2f} s"
