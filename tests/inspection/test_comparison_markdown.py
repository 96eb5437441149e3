"""Markdown about the cost of a zip."""

from portfolio.inspection.comparison_markdown import (
    describe_zip,
    describe_zip_beside_base,
    describe_zip_without_base,
)
from portfolio.inspection.measurements import Measurement


def test_a_zip_has_its_size_and_import_time() -> None:
    assert describe_zip(Measurement(2**20, 0.5)).splitlines() == [
        "| package | this checkout |",
        "| --- | --: |",
        "| zip size | 1.0 MB |",
        "| import time | 0.50 s |",
    ]


def test_two_zips_stand_side_by_side() -> None:
    own, base = Measurement(25 * 2**19, 0.5), Measurement(10 * 2**20, 1)
    assert describe_zip_beside_base(own, base, "main").splitlines() == [
        "| package | `main` | this checkout | change |",
        "| --- | --: | --: | --: |",
        "| zip size | 10.0 MB | 12.5 MB | +25.0 % |",
        "| import time | 1.00 s | 0.50 s | -50.0 % |",
    ]


def test_the_same_reason_for_an_unknown_time_is_given_once() -> None:
    reason = "arm64 code does not run here"
    own, base = Measurement(2**20, None, reason), Measurement(2**20, None, reason)
    assert describe_zip_beside_base(own, base, "main").splitlines()[3:] == [
        "| import time | unknown | unknown |  |",
        "",
        "Import time unknown (`main` and this checkout): `arm64 code does not run here`.",
    ]


def test_a_zip_without_a_base_gives_the_reason() -> None:
    own = Measurement(2**20, 0.5)
    assert describe_zip_without_base(own, "main", "git is not on PATH.").splitlines()[2:] == [
        "| zip size | 1.0 MB |",
        "| import time | 0.50 s |",
        "",
        "The zip is not compared with `main`: `git is not on PATH`.",
    ]
