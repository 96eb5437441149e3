from datetime import UTC, datetime, timedelta

import pytest

from src.models.content import Facet, Status, StatusFilter
from src.models.post import Post
from src.repositories.content_index import (
    BUCKETS,
    count_name,
    counts_key,
    entry_id,
    index_entries,
    item_counts,
    item_key,
    list_partition,
    slug_key,
)
from src.repositories.posts import POSTS
from tests.backend.content_checks import post_input

NOW = datetime(2026, 1, 31, 9, 30, 0, 123456, UTC)
ID = "0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52"


def draft(**changes: object) -> Post:
    return Post.draft(ID, post_input(**changes), NOW)


def test_a_draft_is_listed_by_its_last_update() -> None:
    entries = index_entries(POSTS, draft())

    order = f"2026-01-31T09:30:00.123456Z#{ID}"
    assert set(entries) == {
        ("post#list#all", order),
        ("post#list#draft", order),
        ("post#list#draft#category#Cloud", order),
        ("post#list#draft#tag#aws", order),
        ("post#list#draft#tag#python", order),
    }


def test_a_published_post_is_listed_by_its_first_publication() -> None:
    published = draft(tags=["aws"]).publish(NOW + timedelta(days=3))

    order = f"2026-02-03T09:30:00.123456Z#{ID}"
    assert set(index_entries(POSTS, published)) == {
        (f"post#{ID}", "published"),
        ("post#list#all", f"2026-02-03T09:30:00.123456Z#{ID}"),
        ("post#list#published", order),
        ("post#list#published#category#Cloud", order),
        ("post#list#published#tag#aws", order),
    }


def test_entries_have_the_fields_of_filters_and_order_alone() -> None:
    entries = index_entries(POSTS, draft())

    for key, entry in entries.items():
        assert entry == {
            "updatedAt": "2026-01-31T09:30:00.123456Z",
            "facets": ["category#Cloud", "tag#aws", "tag#python"],
        }
        assert entry_id({"PK": key[0], "SK": key[1]}) == ID


def test_every_number_is_counted_once() -> None:
    post = draft()

    assert item_counts(POSTS, post) == {
        (("post#counts", "status"), "DRAFT"): 1,
        (counts_key(POSTS, Facet("category", "Cloud")), "DRAFT#Cloud"): 1,
        (counts_key(POSTS, Facet("tag", "aws")), "DRAFT#aws"): 1,
        (counts_key(POSTS, Facet("tag", "python")), "DRAFT#python"): 1,
    }


def test_a_thousand_tags_are_spread_over_a_few_items() -> None:
    keys = [counts_key(POSTS, Facet("tag", f"tag {number}")) for number in range(1000)]

    assert len(set(keys)) == BUCKETS
    assert max(keys.count(key) for key in set(keys)) < 100


def test_buckets_are_the_same_in_every_process() -> None:
    assert counts_key(POSTS, Facet("tag", "python")) == ("post#counts", "tag#08")


@pytest.mark.parametrize(
    "value", ["#", "a#b", "tag#a", "PUBLISHED", "DRAFT#x", "\u0000", "é", "😀"]
)
def test_no_two_keys_meet_whatever_a_client_chose(value: str) -> None:
    facets = [Facet(name, each) for name in ("category", "tag") for each in (value, f"{value}#")]
    partitions = {
        list_partition(POSTS, status, facet) for status in StatusFilter for facet in (None, *facets)
    }
    assert len(partitions) == len(StatusFilter) * 5
    assert not partitions & {item_key(POSTS, ID)[0], slug_key(POSTS, "list")[0]}
    names = {count_name(status, facet) for status in Status for facet in (None, *facets)}
    assert len(names) == len(Status) * 3
