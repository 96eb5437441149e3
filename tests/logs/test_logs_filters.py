"""What `--filter` hands to CloudWatch Logs."""

import pytest

from infra.logs.filters import filter_pattern


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
    ["/v1/blog/posts", "GET /v1/health 200", "JKJaXmPLvHcESHA=", "status=500", "Überraschung"],
)
def test_text_that_aws_would_refuse_is_a_phrase(text: str) -> None:
    assert filter_pattern(text) == f'"{text}"'


@pytest.mark.parametrize("text", [None, "", "  "])
def test_nothing_finds_everything(text: str | None) -> None:
    assert filter_pattern(text) == ""
