"""Shared fields of the kinds of content, at their limits and beyond."""

import re
import sys
import time
import unicodedata
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from src.models.certification import CertificationCreate, CertificationUpdate
from src.models.content import Facet
from src.models.fields import tidy
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
        # pragma: allowlist nextline secret
        "https://me:secret@example.com:65535?a",
        "https://example.com:#a",
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
        "https://example.com:65536",
        "https://:80",
        "https://user@",
        "https://[example].com",
        "https://exam\u3000ple.com",
        "https:\\\\example.com",
        "https://example.com/" + "x" * 1981,
        1,
    ],
)
def test_anything_else_is_refused(url: Any) -> None:
    assert wrong_fields(ProjectCreate, PROJECT.body(githubUrl=url)) == {"githubUrl"}
    assert wrong_fields(ProjectUpdate, {"imageUrl": url}) == {"imageUrl"}


@pytest.mark.parametrize("day", ["2026-01-31", "2024-02-29", "2000-02-29", "0001-01-01"])
def test_a_date_is_a_date(day: str) -> None:
    certification = CertificationCreate.model_validate(CERTIFICATION.body(dateEarned=day))
    assert certification.date_earned == date.fromisoformat(day)


@pytest.mark.parametrize(
    "day",
    [
        *("2026-02-29", "2026-13-01", "2026-1-31", "20260131", "2026-01-31T00:00:00Z"),
        *("1900-02-29", "2026-04-31", "0000-01-01", "٢٠٢٦-01-31", "2026-W05-6", 20260131, True),
    ],
    ids=range(12),
)
def test_an_invalid_date_is_refused(day: Any) -> None:
    assert wrong_fields(CertificationCreate, CERTIFICATION.body(dateEarned=day)) == {"dateEarned"}


def test_the_schema_has_a_pattern_of_exactly_the_valid_dates() -> None:
    field = CertificationCreate.model_json_schema()["properties"]["dateEarned"]
    pattern = re.compile(field["anyOf"][0]["pattern"])
    texts = [
        f"{year:04}-{month:02}-{day:02}"
        for year in (0, 1, 4, 99, 100, 400, 1900, 2000, 2023, 2024, 2100, 9999)
        for month in range(14)
        for day in range(33)
    ]
    valid = {text for text in texts if is_date(text)}
    assert 12 * 365 - 366 < len(valid) < 12 * 366
    assert {text for text in texts if pattern.search(text)} == valid


def is_date(text: str) -> bool:
    try:
        CertificationUpdate.model_validate({"dateEarned": text})
    except ValidationError:
        return False
    return True


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
    assert (certification.date_earned, certification.type) == (date(2024, 2, 29), "course")


def test_long_texts_keep_their_blanks_but_are_composed() -> None:
    post = PostCreate.model_validate(POST.body(content="\n  Cafe\u0301 \n"))
    project = ProjectCreate.model_validate(PROJECT.body(longDescription="  Cafe\u0301\n"))
    assert (post.content, project.long_description) == ("\n  Café \n", "  Café\n")


@pytest.mark.parametrize("marks", ["\u0300\u0327", "\u0344\u0327", "\u0f73"], ids=ascii)
def test_any_number_of_marks_on_a_letter_is_composed_in_seconds(marks: str) -> None:
    few = f"e{marks * 50}\uac00{marks}e\u0301"
    assert tidy(few) == unicodedata.normalize("NFC", few)
    many, started = f"e{marks * (100_000 // len(marks))}", time.process_time()
    assert unicodedata.is_normalized("NFC", str(tidy(many)))
    assert time.process_time() - started < 3


@pytest.mark.parametrize("blank", [" ", "\n\t", "\u00a0\u3000"], ids=ascii)
def test_a_text_of_blanks_is_empty(blank: str) -> None:
    for field in ("title", "content"):
        assert wrong_fields(PostCreate, POST.body(**{field: blank})) == {field}
    post = PostUpdate.model_validate({"category": blank, "tags": ["a", blank]})
    assert post.model_dump(exclude_unset=True) == {"category": None, "tags": ["a"]}


def test_a_long_description_may_have_nothing_but_blanks() -> None:
    assert ProjectCreate.model_validate(PROJECT.body(longDescription=" ")).long_description == " "


def test_limits_count_the_text_as_it_is_stored() -> None:
    longest = PostCreate.model_validate(POST.body(title=f" {'e\u0301' * 200} ", tags=["é" * 50]))
    assert longest.title == "é" * 200
    assert wrong_fields(PostCreate, POST.body(title="e\u0301" * 201)) == {"title"}
    tags = [*(f"tag {number}" for number in range(20)), "tag 7 ", " "]
    assert len(PostCreate.model_validate(POST.body(tags=tags)).model_dump()["tags"]) == 20


PNG = "data:image/png;base64,"
IMAGE_LENGTH = 250_000


@pytest.mark.parametrize(
    "url",
    [
        f"{PNG}iVBORw0KGgo=",
        f"{PNG}AAAA",
        "data:image/svg+xml;charset=utf-8;base64,PHN2Zy8+",
        "data:image/vnd.microsoft.icon;base64,AA==",
    ],
)
def test_an_image_in_a_url_is_kept_as_it_was_sent(url: str) -> None:
    assert ProjectCreate.model_validate(PROJECT.body(imageUrl=url)).image_url == url
    assert wrong_fields(ProjectUpdate, {"githubUrl": url}) == {"githubUrl"}


@pytest.mark.parametrize(
    "url",
    [
        PNG,
        f"{PNG}AA",
        f"{PNG}A===",
        f"{PNG}AA=A",
        f"{PNG}AAAA====",
        f"{PNG}AAAA\nAAAA",
        f"{PNG}AA-_",
        f"{PNG}ÄÄÄÄ",
        "data:image/png,AAAA",
        "data:image/;base64,AAAA",
        "data:text/html;base64,AAAA",
        "data:;base64,AAAA",
        "DATA:image/png;base64,AAAA",
        f"{PNG:A<{IMAGE_LENGTH + 1}}",
        "https://example.com/" + "x" * 1981,
    ],
    ids=lambda url: url[:40],
)
def test_an_image_that_is_not_in_base64_or_too_long_is_refused(url: str) -> None:
    assert wrong_fields(ProjectUpdate, {"imageUrl": url}) == {"imageUrl"}


def test_an_image_is_checked_in_a_moment() -> None:
    longest = f"{PNG:A<{IMAGE_LENGTH - 2}}"
    start = time.process_time()
    assert ProjectUpdate.model_validate({"imageUrl": longest}).model_dump()["imageUrl"] == longest
    for wrong in (f"{longest[:-1]}!", f"data:image/png{';a=b' * 62_000}"):
        assert wrong_fields(ProjectUpdate, {"imageUrl": wrong}) == {"imageUrl"}
    assert time.process_time() - start < 0.5


def test_a_list_of_wrong_values_is_refused_without_an_error_for_each() -> None:
    with pytest.raises(ValidationError) as caught:
        PostUpdate.model_validate({"tags": [7] * 100_000})
    assert [error["loc"] for error in caught.value.errors()] == [("tags",)]


def test_a_wrong_text_of_a_list_is_named_by_its_place_in_the_list_sent() -> None:
    with pytest.raises(ValidationError) as caught:
        PostUpdate.model_validate({"tags": ["a", "a", "", "x" * 51, "x" * 51, 7]})
    assert [error["loc"] for error in caught.value.errors()] == [("tags", 3), ("tags", 5)]


def test_fields_have_titles_as_people_write_them() -> None:
    fields = [*ProjectCreate.model_json_schema()["properties"].values()]
    fields += CertificationCreate.model_json_schema()["properties"].values()
    assert {field["title"] for field in fields} >= {
        *("Name", "Long description", "GitHub URL", "Live URL", "Image URL"),
        *("Date earned", "Expiry date", "Credential URL"),
    }


def test_the_schema_refuses_every_blank_that_is_trimmed() -> None:
    title = PostCreate.model_json_schema()["properties"]["title"]
    characters = [chr(code) for code in range(sys.maxunicode) if not 0xD800 <= code < 0xE000]
    blanks = [each for each in characters if tidy(each) == ""]
    assert len(blanks) > 20
    assert [each for each in blanks if jsonschema_rs.is_valid(title, each)] == []
