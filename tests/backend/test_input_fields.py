"""Shared fields of the kinds of content, at their limits and beyond."""

from typing import Any

import pytest
from pydantic import ValidationError

from src.models.certification import CertificationCreate
from src.models.content import Facet
from src.models.post import PostCreate, PostQuery, PostUpdate
from src.models.project import ProjectCreate, ProjectUpdate
from tests.contract.content_kinds import CERTIFICATION, POST, PROJECT


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
        "https://example.com/a b",
        "https://example.com\n/path",
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


@pytest.mark.parametrize(
    "sent",
    ["Café", "Cafe\u0301", " Café", "Café\u00a0", "\u2003Café\u3000", "\tCafe\u0301\r\n"],
    ids=ascii,
)
def test_texts_are_stored_composed_and_trimmed(sent: str) -> None:
    post = PostCreate.model_validate(POST.body(title=sent, category=sent, tags=[sent, "b "]))
    assert (post.title, post.category, post.tags) == ("Café", "Café", ["Café", "b"])
    assert PostUpdate.model_validate({"category": sent}).model_dump(exclude_unset=True) == {
        "category": "Café"
    }
    assert PostQuery.model_validate({"category": sent, "tag": sent}).facets == {
        Facet("category", "Café"),
        Facet("tag", "Café"),
    }


def test_urls_and_dates_are_trimmed_too() -> None:
    url, day = " https://example.com\n", "2024-02-29\u00a0"
    certification = CertificationCreate.model_validate(
        CERTIFICATION.body(credentialUrl=url, dateEarned=day, type=" course")
    )
    assert certification.credential_url == "https://example.com"
    assert (certification.date_earned.isoformat(), certification.type) == ("2024-02-29", "course")


def test_long_texts_keep_their_blanks_but_are_composed() -> None:
    post = PostCreate.model_validate(POST.body(content="\n  Cafe\u0301 \n"))
    project = ProjectCreate.model_validate(PROJECT.body(longDescription="  Cafe\u0301\n"))
    assert (post.content, project.long_description) == ("\n  Café \n", "  Café\n")


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u00a0\u3000"], ids=ascii)
def test_a_text_of_blanks_is_empty(blank: str) -> None:
    for field in ("title", "content", "category"):
        assert wrong_fields(PostCreate, POST.body(**{field: blank})) == {field}
    assert wrong_fields(PostUpdate, {"tags": ["a", blank]}) == {"tags"}
    assert wrong_fields(ProjectUpdate, {"longDescription": blank}) == {"longDescription"}


def test_limits_count_the_text_as_it_is_stored() -> None:
    longest = PostCreate.model_validate(POST.body(title=f" {'e\u0301' * 200} ", tags=["é" * 50]))
    assert longest.title == "é" * 200
    assert wrong_fields(PostCreate, POST.body(title="e\u0301" * 201)) == {"title"}
    assert wrong_fields(PostCreate, POST.body(tags=["Café", "Cafe\u0301"])) == {"tags"}
