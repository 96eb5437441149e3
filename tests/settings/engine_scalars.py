"""Scalars of stage files, and the values that the engine passes to the program.

`tests/real/engine/test_stage_files.py` compares this table with the real engine.
"""

from typing import Final

from infra.paths import PROJECT

PASSED_ON: Final[dict[str, str]] = {
    # Account ids: only quotes keep the digits.
    "111111111111": "111111111111",
    "012345678912": "12345678912",
    "000111111111": "19173961",
    "000000000000": "0",
    '"012345678912"': "012345678912",
    "!!str 012345678912": "012345678912",
    # Whole numbers.
    "512": "512",
    '"512"': "512",
    '!!int "512"': "512",
    "+12": "12",
    "-12": "-12",
    "-0": "0",
    "012": "10",
    "08": "8",
    "089": "89",
    "0o16": "14",
    "0O16": "14",
    "-0o17": "-15",
    "+0o17": "15",
    "0x1F": "31",
    "0X1f": "31",
    "-0x1f": "-31",
    "0b101": "5",
    "0B11": "3",
    "1_000": "1000",
    "1__0": "10",
    "0_8": "8",
    "0777_777": "262143",
    "9223372036854775808": "9223372036854775808",
    "18446744073709551615": "18446744073709551615",
    "123456789012345678901234567890": "1.2345678901234568e+29",
    # Floats: a whole one loses its point.
    "512.0": "512",
    "!!float 512": "512",
    "5.": "5",
    "0.": "0",
    "-0.0": "0",
    "1e5": "100000",
    "1.0e+5": "100000",
    "1e20": "100000000000000000000",
    "1e21": "1e+21",
    "100000000000000000000000.0": "1e+23",
    "1.5": "1.5",
    "1_000.5": "1000.5",
    ".5": "0.5",
    "+.5": "0.5",
    ".5e3": "500",
    ".1_0": "0.1",
    "0.1e-3": "0.0001",
    # Similar texts.
    "1e400": "1e400",
    "0x1p3": "0x1p3",
    "__1": "__1",
    ".e5": ".e5",
    ".0x1": ".0x1",
    "1.2.3": "1.2.3",
    "=": "=",
    # Base 60 is of YAML 1.1.
    "12:30:00": "12:30:00",
    "190:20:30": "190:20:30",
    # Dates and times.
    "2026-01-02": "2026-01-02 00:00:00 +0000 UTC",
    "2026-1-2": "2026-01-02 00:00:00 +0000 UTC",
    "2026-01-02 10:11:12": "2026-01-02 10:11:12 +0000 UTC",
    "2026-01-02 1:2:3.450": "2026-01-02 01:02:03.45 +0000 UTC",
    "2026-01-02T10:11:12Z": "2026-01-02 10:11:12 +0000 UTC",
    "2026-01-02t10:11:12+05:30": "2026-01-02 10:11:12 +0530 +0530",
    "2026-01-02T10:11:12": "2026-01-02T10:11:12",
    "2026-02-30": "2026-02-30",
    '"2026-01-02"': "2026-01-02",
    # Flags, words and nothing.
    "true": "true",
    "True": "true",
    "FALSE": "false",
    "yes": "yes",
    "on": "on",
    "n": "n",
    "null": "",
    "~": "",
    "": "",
    '""': "",
    # Lists.
    "[1, 512.0, 012345678912, true, null, 0o16, 1e5, 12:30:00, 'x']": (
        '[1,512,12345678912,true,null,14,100000,"12:30:00","x"]'
    ),
}
"""Values as stage files spell them, and as the program gets them."""

REFUSED: Final = (".inf", "-.Inf", ".nan", "!!int abc", "!!bool yes", "!!float true")
"""Values that the engine refuses; they make the file unreadable."""


def stage_file(values: list[str]) -> str:
    """Return a stage's file with these values, in the keys `v0` and so on."""
    lines = (f"  {PROJECT}:v{place}: {value}" for place, value in enumerate(values))
    return "\n".join(["config:", *lines, ""])
