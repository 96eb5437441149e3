"""`--filter`: the pattern for CloudWatch Logs."""

import pytest

from infra.errors import CommandLineError
from portfolio.logs.filters import check_emulated, filter_pattern, searched_text


@pytest.mark.parametrize(
    "pattern",
    [
        "ERROR",
        "timed out",
        "?ERROR ?WARNING",
        "REPORT -cold",
        '"timed out"',
        '-"exact phrase" ERROR',
        "{ $.status = 5* }",
        "[ip, user, status_code = 5*]",
        "%5[0-9]{2}%",
    ],
)
def test_a_pattern_is_left_as_it_is(pattern: str) -> None:
    assert filter_pattern(pattern) == pattern


@pytest.mark.parametrize(
    "text",
    ["/blogs", "GET /health 200", "JKJaXmPLvHcESHA=", "status=500", "Überraschung"],
)
def test_text_that_aws_would_refuse_is_a_phrase(text: str) -> None:
    assert filter_pattern(text) == f'"{text}"'


@pytest.mark.parametrize("text", [None, "", "  "])
def test_nothing_finds_everything(text: str | None) -> None:
    assert filter_pattern(text) == ""


@pytest.mark.parametrize("text", ["{ bad", "[ip, user", "%5[0-9]", "%", '"timed out', 'a "b" "c'])
def test_a_pattern_that_does_not_end_is_refused(text: str) -> None:
    with pytest.raises(CommandLineError, match=r"^--filter '.*' (begins with|has a quote)"):
        filter_pattern(text)


def test_a_phrase_may_begin_like_a_pattern() -> None:
    assert filter_pattern('"{ bad"') == '"{ bad"'


@pytest.mark.parametrize(
    "pattern", ["{ $.status = 500 }", "[ip, user]", "%5[0-9]%", "?ERROR ?WARNING", "a ?b"]
)
def test_the_local_stage_refuses_what_the_emulator_takes_for_something_else(pattern: str) -> None:
    with pytest.raises(CommandLineError, match=r"^--filter '.*' works in AWS only"):
        check_emulated(pattern)


@pytest.mark.parametrize("pattern", ["", "ERROR", '-"exact phrase" ERROR', '"really ?"'])
def test_the_local_stage_takes_words_and_phrases(pattern: str) -> None:
    check_emulated(pattern)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("ERROR", ["ERROR"]),
        ('?ERROR ?"timed out"', ["ERROR", "timed out"]),
        ('ERROR -out -"a (b)"', ["ERROR"]),
        ('"a (b)"', ["a (b)"]),
        ('"-x"', ["-x"]),
        ("%E[A-Z]+%", ["ERROR"]),
        ("%(%", None),
        ("-out", None),
        ('""', None),
        ("{ $.level = ERROR }", None),
        ("[ip, ERROR]", None),
        ("", None),
    ],
)
def test_the_searched_text_is_found_in_a_line(pattern: str, found: list[str] | None) -> None:
    searched = searched_text(pattern, ignore_case=False)
    assert (searched and searched.findall("ERROR error timed out a (b) -x")) == found


def test_the_searched_text_is_found_in_any_case_where_the_emulator_ignores_it() -> None:
    searched = searched_text("Error", ignore_case=True)
    assert searched
    assert searched.findall("ERROR error") == ["ERROR", "error"]
