"""Shared fields of the kinds of content, at their limits and beyond."""

from typing import Any

import pytest
from pydantic import ValidationError

from src.models.certification import CertificationCreate
from src.models.project import ProjectCreate, ProjectUpdate
from tests.contract.content_kinds import CERTIFICATION, PROJECT


def wrong_fields(model: Any, body: dict[str, Any]) -> set[object]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(body)
    return {error["loc"][0] for error in caught.value.errors()}


@pytest.mark.parametrize(
    "url",
    [
        "http://a",
        "https://example.com/a?b=c#d",
        "https://müller.example/ü",
        "HTTPS://EXAMPLE.COM",
        "http://[::1]:8000/",
        "https://example.com/" + "x" * 1980,
        None,
    ],
)
def test_an_http_url_is_kept_as_it_was_sent(url: str | None) -> None:
    project = ProjectCreate.model_validate(PROJECT.body(liveUrl=url))
    assert project.live_url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "/path",
        "ftp://example.com",
        "javascript:alert(1)",
        "https:/example.com",
        "https://",
        "https:///path",
        " https://example.com",
        "https://example.com/a b",
        "https://example.com\n",
        "https://example.com:99999",
        "https:\\\\example.com",
        "https://example.com/" + "x" * 1981,
        1,
    ],
)
def test_anything_else_is_refused(url: Any) -> None:
    assert wrong_fields(ProjectCreate, PROJECT.body(githubUrl=url)) == {"githubUrl"}
    assert wrong_fields(ProjectUpdate, {"imageUrl": url}) == {"imageUrl"}


@pytest.mark.parametrize("day", ["2026-01-31", "2024-02-29", "0001-01-01"])
def test_a_date_is_a_date(day: str) -> None:
    certification = CertificationCreate.model_validate(CERTIFICATION.body(dateEarned=day))
    assert certification.date_earned.isoformat() == day


@pytest.mark.parametrize(
    "day",
    [
        *("2026-02-29", "2026-13-01", "2026-1-31", "20260131", "2026-01-31T00:00:00Z"),
        *("", "0000-01-01", "٢٠٢٦-01-31", "2026-W05-6", 20260131, None, True),
    ],
    ids=range(12),
)
def test_an_invalid_date_is_refused(day: Any) -> None:
    assert wrong_fields(CertificationCreate, CERTIFICATION.body(dateEarned=day)) == {"dateEarned"}
