from datetime import UTC, datetime, timedelta

import pytest

from src.models.content import Facet, Status
from src.models.post import Post, PostQuery, PostUpdate
from src.models.text import make_slug, read_time
from tests.backend.content_checks import post_input, post_update

NOW = datetime(2026, 1, 31, 23, 59, 59, 999999, UTC)
LATER = NOW + timedelta(days=1)
ID = "0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Serverless on a Budget", "serverless-on-a-budget"),
        ("  --C++ & Rust!--  ", "c-rust"),
        ("Crème brûlée", "creme-brulee"),
        ("ﬁne ½ Ⅷ", "fine-1-2-viii"),
        ("Moving from SAM—the hard way", "moving-from-sam-the-hard-way"),
        ("SAM→Pulumi", "sam-pulumi"),
        ("2024\u20132026", "2024-2026"),
        ("Straße nach Łódź", "strasse-nach-lodz"),
        ("Part 1·Part 2", "part-1-part-2"),
        ("Lambda入門Pulumi", "lambda-rumen-pulumi"),
        ("one…two/three_four🎉five™six", "one-two-three-four-five-six"),
        ("Don\u2019t say 'rock'n'roll' or “no”", "dont-say-rocknroll-or-no"),
        ("so\u00adft hyphen, zero\u200bwidth", "soft-hyphen-zero-width"),
        ("Cre\u0300me bru\u0302le\u0301e, q\u0308", "creme-brulee-q"),
        ("Þór Ægir, Ørsted, Đakovo, İzmir", "thor-aegir-orsted-dakovo-izmir"),
        ("Привет, объект!", "privet-obekt"),
        ("Ελληνικά", "ellinika"),
        ("日本語", "ribenyu"),
        ("हिन्दी", "hindi"),
        ("x² ≤ ٣", "x2-3"),
        ("🎉", "post"),
        ("!?", "post"),
        ("a" * 200, "a" * 80),
        ("a" * 79 + " b", "a" * 79),
        ("#1 post#slug", "1-post-slug"),
    ],
)
def test_slugs_are_short_ascii_words(title: str, slug: str) -> None:
    assert make_slug(title) == slug


@pytest.mark.parametrize(
    ("content", "minutes"),
    [
        ("   ", 1),
        ("word " * 200, 1),
        ("word " * 201, 2),
        ("字" * 500, 1),
        ("字" * 501, 2),
        ("字" * 30_000, 60),
        ("これは、テスト。" * 100, 2),
        ("ภาษาไทย" * 500, 7),
        ("한국어 " * 400, 2),
        ("word " * 100 + "字" * 250, 1),
        ("word " * 101 + "字" * 250, 2),
        ("Lambda入門 " * 200, 2),
        ("word " * 20 + "字" * 450, 1),
    ],
    ids=lambda value: str(value)[:12],
)
def test_reading_takes_a_minute_for_200_words_or_500_characters_without_blanks(
    content: str, minutes: int
) -> None:
    assert read_time(content) == f"{minutes} min read"


def test_the_time_of_the_first_publication_is_kept() -> None:
    draft = Post.draft(ID, post_input(), NOW)
    first = draft.publish(NOW)
    again = first.unpublish(LATER).publish(LATER)

    assert draft.model_dump(mode="json")["publishedAt"] is None
    assert first.model_dump(mode="json")["publishedAt"] == "2026-01-31T23:59:59Z"
    assert again.model_dump(mode="json")["publishedAt"] == "2026-01-31T23:59:59Z"
    assert again.updated_at == LATER


def test_a_default_is_taken_at_the_time_of_the_write() -> None:
    draft = Post.draft(ID, post_input(title="One", excerpt="", category=None, tags=None), NOW)
    assert (draft.excerpt, draft.category, draft.tags) == ("One", "General", [])

    changed = draft.edit(post_update(title="Two"), LATER)
    reset = changed.edit(post_update(excerpt=None), LATER)
    assert (changed.excerpt, reset.excerpt) == ("One", "Two")


def test_a_repeated_operation_changes_nothing() -> None:
    draft = Post.draft(ID, post_input(), NOW)
    published = draft.publish(NOW)

    assert draft.unpublish(LATER) is draft
    assert published.publish(LATER) is published
    assert draft.edit(PostUpdate(), LATER) is draft


def test_a_slug_that_is_taken_gets_the_beginning_of_the_id() -> None:
    post = Post.draft(ID, post_input(), NOW)

    assert post.with_slug_suffix().slug == "serverless-on-a-budget-0b8f1c1e"


def test_an_update_requires_nothing_and_says_so_in_its_schema() -> None:
    schema = PostUpdate.model_json_schema()

    assert "required" not in schema
    assert schema["title"] == "PostUpdate"
    assert "additionalProperties" not in schema
    assert schema["properties"]["title"]["maxLength"] == 200
    # A default other than null would be sent by clients that fill in defaults.
    assert all(prop.get("default") is None for prop in schema["properties"].values())


def test_a_query_asks_for_the_facets_it_names() -> None:
    assert PostQuery(limit=5).facets == frozenset()
    assert PostQuery(category="Cloud", tag="aws").facets == {
        Facet("category", "Cloud"),
        Facet("tag", "aws"),
    }


def test_an_item_read_from_the_table_is_the_one_stored() -> None:
    post = Post.draft(ID, post_input(), NOW).publish(NOW)
    stored = {**post.model_dump(mode="json"), "createdAt": "2026-01-31T23:59:59.999999Z"}

    read = Post.model_validate(stored)

    assert read.created_at == NOW
    assert read.published_at == NOW.replace(microsecond=0)
    assert read.status is Status.PUBLISHED
